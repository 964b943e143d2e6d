import type { HealthReport, HealthStatus, ServiceHealth } from '#contracts';
import { aServiceDetail } from '../../../../testing/builders';
import { address, visit } from '../../../../testing/visit';
import { servicesRoutes } from '../services.routes';

const SERVICE = '/api/admin/capsule-services/svc_1';
const HEALTH = `${SERVICE}/health`;
const MINUTE_MS = 60_000;
const STARTED_MS = Date.now();

const report = (minutesAgo: number, status: HealthStatus, message: string | null = null): HealthReport => ({
  id: `hlr_${minutesAgo}`,
  serviceId: 'svc_1',
  status,
  message,
  details: null,
  reportedAt: new Date(STARTED_MS - minutesAgo * MINUTE_MS).toISOString(),
});

const history = (...reports: readonly HealthReport[]): ServiceHealth => ({
  latest: reports[0] ?? null,
  history: reports,
  atStart: null,
});

const open = async (query = '') => {
  const routes = [{ path: 'services', children: servicesRoutes }];
  const visited = await visit(`/services/svc_1?tab=health${query}`, routes, 'viewer');
  await visited.backend.answer(SERVICE, aServiceDetail());
  return visited;
};

const hoursBack = (url: string): number =>
  Math.round((Date.now() - Date.parse(new URL(url, 'http://x').searchParams.get('from') ?? '')) / 3_600_000);

describe('ServiceHealthTimeline', () => {
  it('is a skeleton until the history is there', async () => {
    const { backend, screen } = await open();
    expect(screen.all('ops-skeleton')).toHaveLength(1);
    await backend.answer(HEALTH, history());
    expect(screen.all('ops-skeleton')).toEqual([]);
    expect(screen.text).toContain('It said nothing of its health in this time');
  });

  it('says what failed and tries again', async () => {
    const { backend, screen } = await open();
    await backend.refuse(HEALTH, 'DATABASE_UNAVAILABLE', { message: 'The database is away.' });
    expect(screen.one('[role=alert]').textContent).toContain('The database is away.');
    await screen.click('Try again');
    await backend.answer(HEALTH, history(report(1, 'UP')));
    expect(screen.all('tbody tr')).toHaveLength(1);
  });

  it('tells each change, the newest first, what was said and how long it lasted', async () => {
    const { backend, screen } = await open();
    await backend.answer(HEALTH, history(report(5.5, 'UP'), report(20.5, 'DOWN', 'disk full')));
    const [now = [], before = []] = [1, 2].map((nth) => screen.texts(`tbody tr:nth-child(${nth}) td`));
    expect([now[0], now[3]]).toEqual(['Up', '–']);
    expect(now[2]).toMatch(/^5 min \d+ sec so far$/);
    expect([before[0], before[2], before[3]]).toEqual(['Down', '15 min', 'disk full']);
  });

  it.each([
    ['', 24],
    ['&range=7d', 168],
    ['&range=30d', 720],
    ['&range=toString', 24],
  ])('reads as far back as the address says: "%s"', async (query, hours) => {
    const { backend } = await open(query);
    expect(hoursBack(backend.request(HEALTH).request.urlWithParams)).toBe(hours);
  });

  it('writes the range that is chosen to the address, and reads that', async () => {
    const { backend, screen } = await open();
    await backend.answer(HEALTH, history(report(5, 'UP')));
    await screen.click('7 days');
    expect(address()).toBe('/services/svc_1?tab=health&range=7d');
    expect(hoursBack(backend.request(HEALTH).request.urlWithParams)).toBe(168);
  });

  it('shows fifty at first, and more on demand', async () => {
    const { backend, screen } = await open();
    const many = Array.from({ length: 70 }, (_, i) => report(i + 1, i % 2 ? 'UP' : 'DOWN'));
    await backend.answer(HEALTH, history(...many));
    expect(screen.all('tbody tr')).toHaveLength(50);
    await screen.click('Show more (20)');
    expect(screen.all('tbody tr')).toHaveLength(70);
    expect(screen.names()).not.toContain('Show more');
  });
});
