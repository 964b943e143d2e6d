import { aCommandSummary } from '../../../../testing/builders';
import { address, refreshed, visit } from '../../../../testing/visit';
import { commandsRoutes } from '../commands.routes';

const SUMMARY = '/api/admin/commands/summary';
const HOUR_MS = 3_600_000;

const open = (url = '/commands/insights') => visit(url, [{ path: 'commands', children: commandsRoutes }], 'viewer');

const spanOf = (url: string): number =>
  Math.round((Date.now() - Date.parse(new URL(url, 'http://console').searchParams.get('from') ?? '')) / HOUR_MS);

describe('Insights', () => {
  it('is of the last day, or of the time in the address', async () => {
    const { backend, screen } = await open();
    expect(screen.all('ops-skeleton')).toHaveLength(1);
    expect(spanOf((await backend.answer(SUMMARY, aCommandSummary())).request.url)).toBe(24);
    await screen.click('Last 7 days');
    expect(address()).toBe('/commands/insights?range=week');
    expect(spanOf((await backend.answer(SUMMARY, aCommandSummary())).request.url)).toBe(7 * 24);
    expect(screen.one('.ranges [aria-current]').textContent).toContain('Last 7 days');
  });

  it('has every figure of its charts in a table, each stretch with a way to its commands', async () => {
    const { backend, screen } = await open();
    await backend.answer(SUMMARY, aCommandSummary());
    expect(screen.texts('h2')).toEqual(['Outcomes', 'Durations']);
    expect(screen.texts('thead th').slice(1, 3)).toEqual(['Succeeded', 'Failed']);
    expect(screen.texts('tbody td')).toEqual(['1', '1', '320 ms', '2.4 sec']);
    const link = new URL(screen.one<HTMLAnchorElement>('tbody a').href);
    expect([link.pathname, link.searchParams.get('from'), link.searchParams.get('to')]).toEqual([
      '/commands',
      '2026-05-04T09:00:00.000Z',
      '2026-05-04T10:00:00.000Z',
    ]);
  });

  it('says so when there were none', async () => {
    const { backend, screen } = await open();
    await backend.answer(SUMMARY, aCommandSummary({ total: 0, histogram: [] }));
    expect(screen.text).toContain('No commands in this time');
  });

  it('says what failed and tries again, and keeps what it knew', async () => {
    const { backend, screen } = await open();
    await backend.refuse(SUMMARY, 'DATABASE_UNAVAILABLE', { message: 'The database is away.' });
    expect(screen.one('[role=alert]').textContent).toContain('The database is away.');
    await screen.click('Try again');
    await backend.answer(SUMMARY, aCommandSummary());
    await refreshed();
    await backend.refuse(SUMMARY, 'DATABASE_UNAVAILABLE', { message: 'The database is away.' });
    expect(screen.text).toContain('Not up to date: The database is away.');
    expect(screen.texts('tbody td')).toHaveLength(4);
  });
});
