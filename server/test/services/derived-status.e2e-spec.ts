import type {
  AgentDetail,
  CapsuleService,
  CapsuleServiceStatus,
  DashboardSummary,
  HealthStatus,
  OperationalMetrics,
} from '#contracts';
import { aReportedService } from '#testing';
import { GovernedService } from '../support/governed-service.js';
import { startTestApp, type TestApp } from '../support/start-test-app.js';

type Step = (governed: GovernedService) => PromiseLike<unknown>;

let app: TestApp;
let others: number;
beforeAll(async () => {
  app = await startTestApp();
  app.clock.stop();
});
beforeEach(async () => {
  others = (await counts()).total;
});

const counts = async (): Promise<DashboardSummary['serviceCounts']> =>
  (await (await app.signIn('viewer')).get('/api/admin/dashboard/summary').expectOk<DashboardSummary>()).serviceCounts;

/** The status as every route shows it. */
const statusesOf = async (governed: GovernedService): Promise<readonly CapsuleServiceStatus[]> => {
  const { agent, service, operator } = governed;
  const list = `/api/admin/capsule-services?agentId=${agent.id}`;
  const [listed] = (await operator.get(list).expectPage<CapsuleService>()).data;
  const detail = await governed.shown();
  const filtered = (await operator.get(`${list}&status=${detail.status}`).expectPage<CapsuleService>()).data;
  const all: CapsuleServiceStatus[] = ['UNKNOWN', 'HEALTHY', 'UNHEALTHY', 'STALE', 'OFFLINE'];
  const wrong = all.filter((status) => status !== detail.status).map((status) => `&status=${status}`);
  expect((await operator.get(`${list}${wrong.join('')}`).expectPage<CapsuleService>()).data).toEqual([]);
  const ofAgent = await operator.get(`/api/admin/agents/${agent.id}`).expectOk<AgentDetail>();
  return [listed, detail, ...filtered, ...ofAgent.services].map((shown) => {
    expect(shown!.id).toBe(service.id);
    return shown!.status;
  });
};

const act =
  (move: string): Step =>
  ({ operator, agent }) =>
    operator.post(`/api/admin/agents/${agent.id}/${move}`).expectOk();
const reportIn: Step = ({ agent, service }) => agent.reportService(aReportedService({ code: service.code }));
const beat: Step = async ({ agent }) => {
  await agent.heartbeat().expectOk();
  await app.settle();
};
const wait =
  (seconds: number): Step =>
  () => {
    app.clock.advance(seconds);
    return Promise.resolve();
  };
const sweep: Step = () => app.runMaintenance();

describe('The status of a service', () => {
  it.each<[CapsuleServiceStatus, string, HealthStatus | null, readonly Step[]]>([
    ['HEALTHY', 'up', 'UP', []],
    ['UNHEALTHY', 'degraded', 'DEGRADED', []],
    ['UNHEALTHY', 'down', 'DOWN', []],
    ['UNKNOWN', 'reporting an unknown health', 'UNKNOWN', []],
    ['UNKNOWN', 'reporting no health', null, []],
    ['OFFLINE', 'disabled with its agent', 'UP', [act('disable')]],
    ['OFFLINE', 'revoked with its agent', 'UP', [act('revoke')]],
    ['OFFLINE', 'offline with its agent', 'UP', [wait(91), sweep]],
    ['OFFLINE', 'enabled with its agent, which has not called yet', 'UP', [act('disable'), act('enable')]],
    ['OFFLINE', 'disabled with its agent, whatever its health', 'DOWN', [act('disable'), wait(300)]],
    ['HEALTHY', 'at the offline threshold', 'UP', [wait(90)]],
    ['STALE', 'past the offline threshold, before any maintenance', 'UP', [wait(91)]],
    ['HEALTHY', 'at the report threshold', 'UP', [wait(60), beat, wait(60)]],
    ['STALE', 'past the report threshold, although its agent is alive', 'UP', [wait(60), beat, wait(61)]],
    ['HEALTHY', 'reported again', 'DOWN', [wait(60), beat, wait(61), reportIn]],
    ['HEALTHY', 'back online', 'UP', [wait(91), sweep, reportIn]],
  ])('is %s when it is %s', async (expected, _, health, steps) => {
    const governed = await GovernedService.of(app, { health: health ? { status: health } : undefined });
    const before = await counts();
    for (const step of steps) await step(governed);
    expect(await statusesOf(governed)).toEqual([expected, expected, expected, expected]);

    const after = await counts();
    expect(after.total).toBe(others + 1);
    expect(after[expected]).toBeGreaterThan(0);
    if (steps.length === 0) expect(after).toEqual(before);
  });

  it('is counted by the same rule in the dashboard and the metrics', async () => {
    const own = await startTestApp();
    const up = await GovernedService.of(own);
    await GovernedService.of(own, { health: { status: 'DOWN' } });
    const off = await GovernedService.of(own);
    await off.operator.post(`/api/admin/agents/${off.agent.id}/disable`).expectOk();
    const retired = await GovernedService.of(own);
    await retired.agent.report([], true).expectOk();
    const dashboard = await up.operator.get('/api/admin/dashboard/summary').expectOk<DashboardSummary>();
    const expected = { UNKNOWN: 0, HEALTHY: 1, UNHEALTHY: 1, STALE: 0, OFFLINE: 1 };
    expect(dashboard.serviceCounts).toEqual({ ...expected, total: 3 });
    const metrics = await up.operator.get('/api/admin/metrics').expectOk<OperationalMetrics>();
    expect(metrics.byStatus.services).toEqual(expected);
    own.clock.advance(91);
    const later = await up.operator.get('/api/admin/dashboard/summary').expectOk<DashboardSummary>();
    expect(later.serviceCounts).toEqual({ UNKNOWN: 0, HEALTHY: 0, UNHEALTHY: 0, STALE: 2, OFFLINE: 1, total: 3 });
  });
});
