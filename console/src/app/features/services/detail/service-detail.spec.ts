import type { Role } from '#contracts';
import { aServiceDetail, NOW } from '../../../../testing/builders';
import { address, refreshed, visit } from '../../../../testing/visit';
import { servicesRoutes } from '../services.routes';

const SERVICE = '/api/admin/capsule-services/svc_1';
const HEALTH = `${SERVICE}/health`;

const open = (url = '/services/svc_1', role: Role = 'viewer') =>
  visit(url, [{ path: 'services', children: servicesRoutes }], role);

describe('ServiceDetail', () => {
  it('is a skeleton until the service is there', async () => {
    const { backend, screen } = await open();
    expect(screen.all('ops-skeleton')).toHaveLength(1);
    await backend.answer(SERVICE, aServiceDetail());
    expect(screen.texts('h1')).toEqual(['Stock']);
    expect(screen.one('ops-page-header [data-status]').dataset.status).toBe('HEALTHY');
  });

  it('says what failed and tries again', async () => {
    const { backend, screen } = await open();
    await backend.refuse(SERVICE, 'CAPSULE_SERVICE_NOT_FOUND', { message: 'There is no such service.' });
    expect(screen.one('[role=alert]').textContent).toContain('There is no such service.');
    expect(screen.one('[role=alert]').textContent).toContain('req-1');
    await screen.click('Try again');
    await backend.answer(SERVICE, aServiceDetail());
    expect(screen.texts('h1')).toEqual(['Stock']);
  });

  it('keeps what it shows when it cannot be read again, and says so', async () => {
    const { backend, screen } = await open('/services/svc_1?tab=configs');
    await backend.answer(SERVICE, aServiceDetail());
    await refreshed();
    await backend.cut(SERVICE);
    expect(screen.one('ops-stale-note').textContent).toContain('The server does not answer.');
    expect(screen.texts('h1')).toEqual(['Stock']);
  });

  it('has an address for each of its parts', async () => {
    const { backend, screen } = await open();
    await backend.answer(SERVICE, aServiceDetail());
    expect(screen.names('nav a')).toEqual([
      'Overview',
      'Actions',
      'Health',
      'Configuration',
      'Manifest',
      'Commands',
      'Audit',
    ]);
    await screen.click('Actions');
    expect(address()).toBe('/services/svc_1?tab=actions');
    expect(screen.texts('nav [aria-current=page]')).toEqual(['Actions']);
    expect(screen.all('ops-service-actions')).toHaveLength(1);
    await screen.click('Overview');
    expect(address()).toBe('/services/svc_1');
  });

  it.each([
    ['actions', 'ops-service-actions'],
    ['health', 'ops-service-health-timeline'],
    ['configs', 'ops-service-configs'],
    ['manifest', 'ops-service-manifest'],
    ['commands', 'ops-related-commands'],
    ['audit', 'ops-related-audit'],
    ['nonsense', 'ops-service-overview'],
  ])('opens at the part the address names: %s', async (tab, part) => {
    const { backend, screen } = await open(`/services/svc_1?tab=${tab}`);
    await backend.answer(SERVICE, aServiceDetail());
    expect(screen.all(part)).toHaveLength(1);
  });

  it('is read again as time goes by, but rests while a list of its own is', async () => {
    const { backend, screen } = await open();
    await backend.answer(SERVICE, aServiceDetail());
    await backend.answer(HEALTH, { latest: null, history: [], atStart: null });
    await refreshed();
    await backend.answer(SERVICE, aServiceDetail({ status: 'OFFLINE' }));
    expect(screen.one('ops-page-header [data-status]').dataset.status).toBe('OFFLINE');
    await screen.click('Commands');
    await backend.answerPage('/api/admin/commands', []);
    await refreshed();
    await backend.answerPage('/api/admin/commands', []);
    backend.expectNoMore();
  });

  it('says that it is retired rather than how it was', async () => {
    const { backend, screen } = await open();
    await backend.answer(SERVICE, aServiceDetail({ retiredAt: NOW }));
    expect(screen.one('ops-page-header [data-status]').dataset.status).toBe('RETIRED');
    expect(screen.one('.why').textContent).toContain('Agent Till 1 no longer reports it');
  });
});
