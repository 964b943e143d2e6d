import type { DashboardOverview, Role } from '#contracts';
import { anOverview, aService } from '../../../testing/builders';
import { address, refreshed, visit } from '../../../testing/visit';
import { dashboardRoutes } from './dashboard.routes';

const OVERVIEW = '/api/admin/dashboard/overview';

const open = (url = '/', role: Role = 'operator') =>
  visit(url, [{ path: '', pathMatch: 'full', children: dashboardRoutes }], role);

const { agentCounts, serviceCounts } = anOverview();

const nothingYet: Partial<DashboardOverview> = {
  agentCounts: { ...agentCounts, total: 0, ONLINE: 0 },
  serviceCounts: { ...serviceCounts, total: 0, HEALTHY: 0 },
  services: [],
};

describe('Dashboard', () => {
  it('is a skeleton until the overview is there, in one request', async () => {
    const { backend, screen } = await open();
    expect(screen.all('ops-skeleton')).toHaveLength(1);
    await backend.answer(OVERVIEW, anOverview());
    expect(screen.all('ops-skeleton')).toHaveLength(0);
    backend.expectNoMore();
  });

  it('shows what needs somebody, the counts and all services', async () => {
    const { backend, screen } = await open();
    await backend.answer(OVERVIEW, anOverview());
    expect(screen.texts('h1')).toEqual(['Overview']);
    expect(screen.texts('h2')).toEqual(['All is well', 'Services at a glance']);
    expect(screen.all('nav').map((nav) => nav.getAttribute('aria-label'))).toEqual([
      'Services by status',
      'Agents by status',
    ]);
    expect(screen.named('Command insights').getAttribute('href')).toBe('/commands/insights');
  });

  it('says what failed and tries again', async () => {
    const { backend, screen } = await open();
    await backend.refuse(OVERVIEW, 'DATABASE_UNAVAILABLE', { message: 'The database is away.' });
    expect(screen.one('[role=alert]').textContent).toContain('The database is away.');
    expect(screen.one('[role=alert]').textContent).toContain('req-1');
    await screen.click('Try again');
    await backend.answer(OVERVIEW, anOverview());
    expect(screen.text).toContain('All is well');
  });

  it('keeps what it shows when it cannot be read again, and says so', async () => {
    const { backend, screen } = await open();
    await backend.answer(OVERVIEW, anOverview());
    await refreshed();
    await backend.cut(OVERVIEW);
    expect(screen.one('ops-stale-note').textContent).toContain('Not up to date: The server does not answer.');
    expect(screen.texts('.tile .name')).toEqual(['Stock']);
    await refreshed();
    await backend.answer(OVERVIEW, anOverview({ services: [aService({ name: 'Till' })] }));
    expect(screen.all('ops-stale-note')).toEqual([]);
    expect(screen.texts('.tile .name')).toEqual(['Till']);
  });

  it('shows an operator how to begin while there is nothing', async () => {
    const { backend, screen } = await open();
    await backend.answer(OVERVIEW, anOverview(nothingYet));
    expect(screen.text).toContain('Nothing is connected yet');
    expect(screen.named('Enrol an agent').getAttribute('href')).toBe('/registration-tokens?create=1');
    expect(screen.text).not.toContain('All is well');
  });

  it('tells a viewer that an operator has to begin', async () => {
    const { backend, screen } = await open('/', 'viewer');
    await backend.answer(OVERVIEW, anOverview(nothingYet));
    expect(screen.text).toContain('An operator has to enrol the first agent.');
    expect(screen.names()).toEqual([]);
  });

  it('is past the beginning once there is an agent', async () => {
    const { backend, screen } = await open();
    await backend.answer(OVERVIEW, anOverview({ ...nothingYet, agentCounts }));
    expect(screen.text).toContain('none has reported a service yet');
    expect(screen.text).not.toContain('Nothing is connected yet');
  });

  it('leaves only the wall for a screen on a wall, by its address, and comes back', async () => {
    const { backend, screen } = await open();
    await backend.answer(OVERVIEW, anOverview());
    await screen.click('Wall view');
    expect(address()).toBe('?kiosk=1');
    expect(screen.texts('.tile .name')).toEqual(['Stock']);
    expect(screen.text).not.toContain('All is well');
    expect(screen.all('select')).toEqual([]);
    await screen.click('Leave the wall view');
    expect(address()).toBe('');
    expect(screen.text).toContain('All is well');
  });
});
