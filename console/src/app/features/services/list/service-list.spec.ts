import type { HealthStrip } from '#contracts';
import { aService, NOW } from '../../../../testing/builders';
import { address, refreshed, visit } from '../../../../testing/visit';
import { servicesRoutes } from '../services.routes';

const SERVICES = '/api/admin/capsule-services';
const STRIPS = `${SERVICES}/health-strips`;

const open = (url = '/services') => visit(url, [{ path: 'services', children: servicesRoutes }], 'viewer');

const aStrip = (overrides: Partial<HealthStrip> = {}): HealthStrip => ({
  serviceId: 'svc_1',
  from: NOW,
  statuses: Array.from({ length: 48 }, (_, i) => (i < 24 ? 'UP' : 'DOWN')),
  ...overrides,
});

describe('ServiceList', () => {
  it('tells of each how it is, what it runs and whose it is, and leads to both', async () => {
    const { backend, screen } = await open();
    await backend.answerPage(SERVICES, [
      aService({ status: 'STALE', healthStatus: 'DEGRADED' }),
      aService({ id: 'svc_2', name: 'Old', retiredAt: NOW, version: null }),
    ]);
    const [first = [], second = []] = [1, 2].map((nth) => screen.texts(`tbody tr:nth-child(${nth}) td`));
    expect([first[0], first[1], first[2], first[4], first[5]]).toEqual([
      'Stock stock',
      'Stale',
      'Degraded',
      '2.0.0',
      'Till 1',
    ]);
    expect([second[1], second[4]]).toEqual(['Retired', '–']);
    expect(screen.all('tbody tr:first-child a').map((link) => link.getAttribute('href'))).toEqual([
      '/services/svc_1',
      '/agents/agt_1',
    ]);
    expect(screen.one('tbody td:last-child time').getAttribute('datetime')).toBe(NOW);
  });

  it('is a skeleton until they are there', async () => {
    const { backend, screen } = await open();
    expect(screen.all('ops-skeleton')).toHaveLength(1);
    await backend.answerPage(SERVICES, [aService()]);
    expect(screen.all('ops-skeleton')).toEqual([]);
  });

  it('says what failed and tries again', async () => {
    const { backend, screen } = await open();
    await backend.refuse(SERVICES, 'DATABASE_UNAVAILABLE', { message: 'The database is away.' });
    expect(screen.one('[role=alert]').textContent).toContain('The database is away.');
    expect(screen.one('[role=alert]').textContent).toContain('req-1');
    await screen.click('Try again');
    await backend.answerPage(SERVICES, [aService()]);
    expect(screen.all('tbody tr')).toHaveLength(1);
  });

  it('says where services come from when there are none, and asks for no strips', async () => {
    const { backend, screen } = await open();
    await backend.answerPage(SERVICES, []);
    expect(screen.text).toContain('A service appears here by itself when its agent reports it.');
    backend.expectNoMore();
  });

  it('asks for what the address says', async () => {
    const { backend } = await open('/services?q=st&status=STALE&status=OFFLINE&healthStatus=DOWN&agentId=agt_1&page=2');
    const { request } = await backend.answerPage(SERVICES, [aService()]);
    expect(request.url).toBe(
      `${SERVICES}?page=2&sort=name&q=st&status=STALE&status=OFFLINE&healthStatus=DOWN&agentId=agt_1`,
    );
  });

  it('writes what is chosen to the address', async () => {
    const { backend, screen } = await open();
    await backend.answerPage(SERVICES, [aService()]);
    await backend.answer(STRIPS, []);
    await screen.choose('Status', 'Offline');
    expect(address()).toBe('/services?status=OFFLINE');
    await backend.answerPage(SERVICES, [aService()]);
    screen.one('[role=switch]').click();
    await refreshed();
    expect(address()).toBe('/services?status=OFFLINE&includeRetired=true');
  });

  it('draws the last day of the services on the page, asked for at once', async () => {
    const { backend, screen } = await open();
    await backend.answerPage(SERVICES, [aService(), aService({ id: 'svc_2' })]);
    const { request } = await backend.answer(STRIPS, [aStrip()]);
    expect(request.url).toBe(`${STRIPS}?serviceId=svc_1&serviceId=svc_2`);
    expect(screen.one('tbody tr:first-child .bar').getAttribute('aria-label')).toContain('up 50%');
    expect(screen.all('tbody tr:first-child .bar .DOWN')).toHaveLength(24);
    expect(screen.one('tbody tr:last-child .bar').hasAttribute('aria-label')).toBe(false);
  });

  it('reads the list again as time goes by, but the strips only when something says otherwise', async () => {
    const { backend } = await open();
    await backend.answerPage(SERVICES, [aService()]);
    await backend.answer(STRIPS, [aStrip()]);
    await refreshed();
    await backend.answerPage(SERVICES, [aService()]);
    backend.expectNoMore();
    await refreshed();
    await backend.answerPage(SERVICES, [aService({ healthSince: '2026-05-04T10:01:00.000Z' })]);
    backend.request(STRIPS);
  });

  it('shows the list though the strips are not to be had', async () => {
    const { backend, screen } = await open();
    await backend.answerPage(SERVICES, [aService()]);
    await backend.refuse(STRIPS, 'DATABASE_UNAVAILABLE');
    expect(screen.texts('tbody tr:first-child td')[0]).toBe('Stock stock');
    expect(screen.one('.bar').hasAttribute('aria-label')).toBe(false);
  });

  it('says in words what a link filters by, and takes one filter out at a time', async () => {
    const { backend, screen } = await open('/services?agentId=agt_1&label=team:shop&label=zone:east');
    const { request } = await backend.answerPage(SERVICES, [aService()]);
    expect(new URL(request.url, 'http://console').searchParams.getAll('label')).toEqual(['team:shop', 'zone:east']);
    expect(screen.texts('mat-chip')).toEqual(['Agent: Till 1', 'Label: team:shop', 'Label: zone:east']);
    await screen.click('Do not filter by team:shop');
    expect(decodeURIComponent(address())).toBe('/services?agentId=agt_1&label=zone:east');
  });
});
