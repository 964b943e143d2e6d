import { TestBed } from '@angular/core/testing';
import type { CapsuleServiceDetail, HealthReport } from '#contracts';
import { settled } from '../../../../testing/backend';
import { aServiceDetail, NOW } from '../../../../testing/builders';
import { screenOf, startConsole } from '../../../../testing/console';
import { ServiceOverview } from './service-overview';

const HEALTH = '/api/admin/capsule-services/svc_1/health';

const aReport = (overrides: Partial<HealthReport> = {}): HealthReport => ({
  id: 'hlr_1',
  serviceId: 'svc_1',
  status: 'UP',
  message: null,
  details: null,
  reportedAt: NOW,
  ...overrides,
});

const open = async (service: Partial<CapsuleServiceDetail> = {}) => {
  const backend = startConsole();
  const fixture = TestBed.createComponent(ServiceOverview);
  const show = async (now: Partial<CapsuleServiceDetail>): Promise<void> => {
    fixture.componentRef.setInput('service', aServiceDetail(now));
    await settled();
  };
  await show(service);
  return { backend, screen: await screenOf(fixture), show };
};

const allDay = { latest: null, history: [], atStart: aReport({ status: 'DOWN' }) };

describe('ServiceOverview', () => {
  it.each([
    [{ status: 'HEALTHY' }, 'It says that it is up.'],
    [
      { status: 'UNHEALTHY', healthStatus: 'DEGRADED', healthMessage: 'slow disk' },
      'It says that it is degraded: “slow disk”',
    ],
    [{ status: 'OFFLINE', agentStatus: 'REVOKED' }, 'Its agent Till 1 was revoked, so nothing is heard of it.'],
    [{ status: 'STALE' }, 'Agent Till 1 is there, but has not reported this service for too long.'],
  ] as const)('says in a sentence why it is %j', async (service, why) => {
    const { screen } = await open(service);
    expect(screen.one('.why p').textContent).toContain(why);
    expect(screen.one('.why [data-status]').dataset.status).toBe(service.status);
    expect(screen.one('.why time').getAttribute('datetime')).toBe(NOW);
  });

  it('says what could not be kept as its agent sent it', async () => {
    const warning = {
      call: 'heartbeat',
      serviceCode: 'stock',
      path: 'health.message',
      message: 'was shortened',
      since: NOW,
    } as const;
    const { screen, show } = await open({ warnings: [warning] });
    expect(screen.one('ops-report-warnings').textContent).toContain('health.message was shortened');
    await show({ warnings: [] });
    expect(screen.all('ops-report-warnings section')).toHaveLength(0);
  });

  it('tells what is known of it, and leads to its agent', async () => {
    const { screen } = await open({ description: 'Counts shelves.', labels: { team: 'shop' } });
    expect(screen.text).toContain('Counts shelves.');
    expect(screen.one('dd.agent a').getAttribute('href')).toBe('/agents/agt_1');
    for (const fact of ['2.0.0', 'nodejs', 'svc_1', 'team=shop']) expect(screen.texts('dd')).toContain(fact);
  });

  it('tells its last day in words beside the strip', async () => {
    const { backend, screen } = await open();
    const { request } = await backend.answer(HEALTH, allDay);
    const from = Date.parse(new URL(request.url, 'http://x').searchParams.get('from') ?? '');
    expect(Math.round((Date.now() - from) / 3_600_000)).toBe(24);
    expect(screen.one('.bar').getAttribute('aria-label')).toContain('down 100%');
    expect(screen.all('.bar .DOWN')).toHaveLength(96);
  });

  it('says nothing of its last day until that is known', async () => {
    const { backend, screen } = await open();
    expect(screen.all('.bar')).toEqual([]);
    await backend.refuse(HEALTH, 'DATABASE_UNAVAILABLE', { message: 'The database is away.' });
    expect(screen.all('.bar')).toEqual([]);
    expect(screen.one('[role=alert]').textContent).toContain('The database is away.');
    await screen.click('Try again');
    await backend.answer(HEALTH, allDay);
    expect(screen.all('.bar')).toHaveLength(1);
  });

  it('reads its last day again only when it says something else', async () => {
    const { backend, show } = await open({ health: aReport() });
    await backend.answer(HEALTH, allDay);
    await show({ health: aReport() });
    backend.expectNoMore();
    await show({ health: aReport({ id: 'hlr_2', status: 'DOWN' }) });
    backend.request(HEALTH);
  });

  it('draws what the service says as text', async () => {
    const said = '<img src=x onerror=alert(1)>';
    const { screen } = await open({ healthMessage: said, description: said, labels: { a: said } });
    expect(screen.all('img')).toEqual([]);
    expect(screen.texts('.description')).toEqual([said]);
  });
});
