import type { AuditEvent, Command, DashboardOverview, DashboardSummary, OperationalMetrics } from '#contracts';
import { aReportedService, eventually, TestAgent, TestOperator } from '#testing';
import { GovernedService } from '../support/governed-service.js';
import { startTestApp, type TestApp } from '../support/start-test-app.js';

interface Fleet {
  readonly app: TestApp;
  readonly operator: TestOperator;
  readonly agent: TestAgent;
  readonly run: (outcome: string, seconds?: number) => Promise<Command>;
  readonly ask: () => Promise<Command>;
}

/** One live agent with a healthy and a broken service, and a disabled agent with one service. */
const aFleet = async (): Promise<Fleet> => {
  const app = await startTestApp();
  const operator = await app.signIn('operator');
  const [agent, disabled] = [await app.enrolAgent(), await app.enrolAgent()];
  const service = await agent.reportService(aReportedService());
  await agent.reportService(aReportedService({ health: { status: 'DOWN' } }));
  await disabled.reportService(aReportedService());
  await operator.post(`/api/admin/agents/${disabled.id}/disable`).expectOk();
  const action = `/api/admin/capsule-services/${service.id}/actions/echo`;
  const ask = () => operator.post(action, { payload: { text: 'x' } }).expectOk<Command>();
  const run = async (outcome: string, seconds = 0): Promise<Command> => {
    const command = await ask();
    await agent.poll();
    app.clock.advance(seconds);
    const result =
      outcome === 'success' ? { success: true } : { success: false, error: { code: outcome, message: 'It failed.' } };
    await agent.complete(command.id, result).expectOk();
    return command;
  };
  return { app, operator, agent, run, ask };
};

describe('the dashboard', () => {
  it('of a new installation is all zeros', async () => {
    const app = await startTestApp();
    const viewer = await app.signIn('viewer');
    const summary = await viewer.get('/api/admin/dashboard/summary').expectOk<DashboardSummary>();
    expect(summary).toEqual({
      workspace: { id: 'wks_default', code: 'default', name: 'Default', status: 'ACTIVE' },
      agentCounts: { PENDING: 0, ONLINE: 0, OFFLINE: 0, DISABLED: 0, REVOKED: 0, total: 0 },
      serviceCounts: { UNKNOWN: 0, HEALTHY: 0, UNHEALTHY: 0, STALE: 0, OFFLINE: 0, total: 0 },
      commandCounts: { PENDING: 0, RUNNING: 0, SUCCEEDED: 0, FAILED: 0, EXPIRED: 0, CANCELLED: 0, total: 0 },
      auditEventCount: summary.recentAuditEvents.length,
      recentCommands: [],
      recentAuditEvents: expect.any(Array) as AuditEvent[],
    });
  });

  it('counts by status and shows the ten newest, as the lists do', async () => {
    const { operator, run, ask } = await aFleet();
    for (let i = 0; i < 9; i += 1) await run('success');
    await run('NO_DISK');
    await ask();
    const summary = await operator.get('/api/admin/dashboard/summary').expectOk<DashboardSummary>();
    expect(summary.agentCounts).toEqual({ PENDING: 0, ONLINE: 1, OFFLINE: 0, DISABLED: 1, REVOKED: 0, total: 2 });
    expect(summary.serviceCounts).toEqual({ UNKNOWN: 0, HEALTHY: 1, UNHEALTHY: 1, STALE: 0, OFFLINE: 1, total: 3 });
    expect(summary.commandCounts).toEqual({
      PENDING: 1,
      RUNNING: 0,
      SUCCEEDED: 9,
      FAILED: 1,
      EXPIRED: 0,
      CANCELLED: 0,
      total: 11,
    });
    const commands = await operator.get('/api/admin/commands?pageSize=10').expectPage<Command>();
    expect(summary.recentCommands).toEqual(commands.data);
    const events = await operator.get('/api/admin/audit-events?pageSize=10').expectPage<AuditEvent>();
    expect(summary.recentAuditEvents).toEqual(events.data);
    expect(summary.auditEventCount).toBe(events.pagination.total);
  });
});

describe('the metrics', () => {
  it('of a new installation have no durations and no rate', async () => {
    const app = await startTestApp();
    const viewer = await app.signIn('viewer');
    const metrics = await viewer.get('/api/admin/metrics').expectOk<OperationalMetrics>();
    expect(metrics).toMatchObject({
      workspace: { id: 'wks_default', code: 'default', name: 'Default', status: 'ACTIVE' },
      totals: { agents: 0, services: 0, capsuleServices: 0, registrationTokens: 0, commands: 0, users: 2 },
      operational: { oldestPendingSeconds: null, commandSuccessRate: null, pendingCommands: 0 },
      commandDurations: { sampleSize: 0, p50Ms: null, p95Ms: null, maxMs: null, meanMs: null },
      topCommandErrors: [],
    });
  });

  it('have totals, states, rates, durations and the most frequent errors', async () => {
    const { app, operator, run, ask } = await aFleet();
    // Durations of 0, 1, … 9 seconds, plus the time of the calls.
    for (const seconds of [0, 1, 2, 3, 4, 5]) await run('success', seconds);
    await run('NO_DISK', 6);
    await run('BROKEN', 7);
    await run('BROKEN', 8);
    await run('success', 9);
    await ask();
    app.clock.advance(20);
    const metrics = await operator.get('/api/admin/metrics').expectOk<OperationalMetrics>();
    const auditEvents = (await operator.get('/api/admin/audit-events').expectPage()).pagination.total;
    expect(metrics.totals).toEqual({
      agents: 2,
      services: 3,
      capsuleServices: 3,
      registrationTokens: 2,
      commands: 11,
      auditEvents,
      users: 2,
      activeSessions: 2,
    });
    expect(metrics.byStatus).toEqual({
      agents: { PENDING: 0, ONLINE: 1, OFFLINE: 0, DISABLED: 1, REVOKED: 0 },
      services: { UNKNOWN: 0, HEALTHY: 1, UNHEALTHY: 1, STALE: 0, OFFLINE: 1 },
      capsuleServices: metrics.byStatus.services,
      registrationTokens: { ACTIVE: 0, USED: 2, REVOKED: 0, EXPIRED: 0 },
      commands: { PENDING: 1, RUNNING: 0, SUCCEEDED: 7, FAILED: 3, EXPIRED: 0, CANCELLED: 0 },
    });
    expect(metrics.operational).toEqual({
      pendingCommands: 1,
      runningCommands: 0,
      oldestPendingSeconds: metrics.operational.oldestPendingSeconds,
      commandSuccessRate: 0.7,
      unhealthyServices: 1,
      staleServices: 0,
      offlineAgents: 0,
      staleOnlineAgents: 0,
      agentCommandPolls: 10,
      commandsDispatched: 10,
      commandsCompleted: 7,
      commandsFailed: 3,
      actionPrepareRequested: 0,
      actionPrepareTimeouts: 0,
      actionPrepareFailures: 0,
      oversizedCommandResultsRejected: 0,
    });
    expect(metrics.operational.oldestPendingSeconds).toBeGreaterThanOrEqual(20);
    expect(metrics.operational.oldestPendingSeconds).toBeLessThan(25);
    const { sampleSize, p50Ms, p95Ms, maxMs, meanMs } = metrics.commandDurations;
    expect(sampleSize).toBe(10);
    const inSeconds = [p50Ms, p95Ms, maxMs, meanMs].map((ms) => Math.floor(ms! / 100) / 10);
    for (const [i, expected] of [4, 9, 9, 4.5].entries()) {
      expect(inSeconds[i]).toBeGreaterThanOrEqual(expected);
      expect(inSeconds[i]).toBeLessThan(expected + 0.9);
    }
    expect(metrics.topCommandErrors).toEqual([
      { code: 'BROKEN', errorCode: 'BROKEN', count: 2 },
      { code: 'NO_DISK', errorCode: 'NO_DISK', count: 1 },
    ]);
  });

  it('count prepares, results that were too large, and online agents that are silent', async () => {
    const app = await startTestApp({ config: { commandResultMaxBytes: 1_000 } });
    const governed = await GovernedService.of(app);
    const answered = async (success: boolean): Promise<void> => {
      const preparing = governed.prepare();
      const { id } = await governed.take();
      await governed.agent.complete(id, { success }).expectOk();
      await preparing;
    };
    await answered(true);
    await answered(false);
    const { id } = await governed.running();
    const data = { text: 'x'.repeat(1_000) };
    await governed.agent.complete(id, { success: true, data }).expectError(413, 'COMMAND_RESULT_TOO_LARGE');
    const unanswered = governed.prepare();
    await eventually('it is requested', async () => (await app.auditEvents('command.created')).length === 4);
    app.clock.advance(91);
    await app.settle();
    const metricsOf = async () => (await app.signIn('owner')).get('/api/admin/metrics').expectOk<OperationalMetrics>();
    expect((await metricsOf()).operational).toMatchObject({ staleOnlineAgents: 1, offlineAgents: 0 });
    await app.runMaintenance();
    await unanswered;
    expect((await metricsOf()).operational).toMatchObject({
      staleOnlineAgents: 0,
      offlineAgents: 1,
      commandsDispatched: 3,
      actionPrepareRequested: 3,
      actionPrepareTimeouts: 1,
      actionPrepareFailures: 1,
      oversizedCommandResultsRejected: 1,
    });
  });
});

describe('the overview of the dashboard', () => {
  it('shows what needs attention: troubled services, failed commands, tokens about to expire', async () => {
    const app = await startTestApp({ config: { sessionTtlSeconds: 1_000_000 } });
    const healthy = await GovernedService.of(app);
    const troubled = await GovernedService.of(app, { health: { status: 'DOWN', message: 'no disk' } });
    const failed = await troubled.running();
    await troubled.agent.complete(failed.id, { success: false }).expectOk();
    const token = await healthy.operator.createToken({ expiresInSeconds: 600 });
    await healthy.operator.createToken({ expiresInSeconds: 86_400 });

    const read = () => healthy.operator.get('/api/admin/dashboard/overview').expectOk<DashboardOverview>();
    const overview = await read();
    expect(overview.serviceCounts).toMatchObject({ HEALTHY: 1, UNHEALTHY: 1, total: 2 });
    expect(overview.agentCounts).toMatchObject({ ONLINE: 2, total: 2 });
    expect(overview.troubledServices.map(({ id }) => id)).toEqual([troubled.service.id]);
    expect(overview.failedCommands).toMatchObject({ total: 1, newest: [{ id: failed.id, status: 'FAILED' }] });
    expect(overview.expiringTokens.map(({ id }) => id)).toEqual([token.id]);
    expect(overview.services).toHaveLength(2);

    app.clock.advance(86_401);
    expect((await read()).failedCommands).toMatchObject({ total: 0, newest: [] });
  });

  it('lists unhealthy services before silent ones, however many there are', async () => {
    const app = await startTestApp();
    const silent = await app.enrolAgent();
    await silent.report(Array.from({ length: 25 }, (_, i) => aReportedService({ name: `A ${i}` }))).expectOk();
    app.clock.advance(100);
    const unwell = await GovernedService.of(app, { name: 'Z', health: { status: 'DOWN' } });
    const { troubledServices } = await unwell.operator
      .get('/api/admin/dashboard/overview')
      .expectOk<DashboardOverview>();
    expect(troubledServices).toHaveLength(20);
    expect(troubledServices[0]).toMatchObject({ id: unwell.service.id, status: 'UNHEALTHY' });
    expect(troubledServices[1]).toMatchObject({ agentId: silent.id, status: 'STALE' });
  });

  it('has all services for the wall, beyond a page of a list', async () => {
    const app = await startTestApp();
    const agent = await app.enrolAgent();
    const reported = Array.from({ length: 150 }, (_, i) => aReportedService({ name: `Tile ${i}` }));
    await agent.report(reported).expectOk();
    const viewer = await app.signIn('viewer');
    const { services, serviceCounts } = await viewer.get('/api/admin/dashboard/overview').expectOk<DashboardOverview>();
    expect(new Set(services.map(({ name }) => name))).toEqual(new Set(reported.map(({ name }) => name)));
    expect(serviceCounts.total).toBe(150);
  });

  it('shows no tokens to a viewer', async () => {
    const app = await startTestApp();
    await (await app.signIn('operator')).createToken({ expiresInSeconds: 600 });
    const viewer = await app.signIn('viewer');
    const overview = await viewer.get('/api/admin/dashboard/overview').expectOk<DashboardOverview>();
    expect(overview.expiringTokens).toEqual([]);
  });
});
