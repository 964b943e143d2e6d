import type { AgentSummary, AuditEvent, HeartbeatResponse } from '#contracts';
import { aReportedService, type TestAgent } from '#testing';
import { Database } from '../../src/database/database.js';
import { parked } from '../support/hang-up.js';
import { sharedTestApp, startTestApp, type TestApp } from '../support/start-test-app.js';

let app: TestApp;
beforeEach(async () => {
  app = await sharedTestApp();
  app.clock.stop();
});

const shown = async (agent: TestAgent): Promise<AgentSummary> =>
  (await app.signIn('viewer')).get(`/api/admin/agents/${agent.id}`).expectOk<AgentSummary>();

const offlineEvents = ({ id }: TestAgent): Promise<readonly AuditEvent[]> =>
  app.auditEventsAbout(id, 'system.agent.offline');

describe('A heartbeat', () => {
  it('is answered with the cadence and the commands to stop, and updates when the agent was last seen', async () => {
    const agent = await app.enrolAgent();
    const before = await shown(agent);
    app.clock.advance(30);
    expect(await agent.heartbeat().expectOk<HeartbeatResponse>()).toEqual({
      heartbeatIntervalSeconds: 30,
      commandPollIntervalSeconds: 5,
      longPollSeconds: 25,
      cancelledCommandIds: [],
    });
    await app.settle();
    expect((await shown(agent)).lastSeenAt! > before.lastSeenAt!).toBe(true);
  });

  it('needs no body, and its unknown fields are ignored', async () => {
    const agent = await app.enrolAgent();
    await agent.request('POST', '/heartbeat').expectOk();
    await agent.request('POST', '/heartbeat', { body: { load: 0.5, health: null } }).expectOk();
  });

  it.each([
    ['an unknown status', { health: { status: 'FINE' } }, 'health.status'],
    ['a health that is a list', { health: [] }, 'health.status'],
    ['a service without a code', { services: [{ health: { status: 'UP' } }] }, 'services.0'],
    ['a service without a health', { services: [{ code: 'a' }] }, 'services.0'],
  ])('counts with %s, and names it', async (_, body, path) => {
    const agent = await app.enrolAgent();
    const { warnings } = await agent.request('POST', '/heartbeat', { body }).expectOk<HeartbeatResponse>();
    expect(warnings?.map((warning) => warning.path)).toEqual([path]);
  });

  it('is audited the first time, and then once in six hours', async () => {
    const agent = await app.enrolAgent();
    const heartbeats = (): Promise<readonly AuditEvent[]> => app.auditEventsAbout(agent.id, 'agent.heartbeat.received');
    await Promise.all(Array.from({ length: 10 }, () => agent.heartbeat().expectOk()));
    app.clock.advance(6 * 3600 - 1);
    await agent.heartbeat().expectOk();
    expect(await heartbeats()).toMatchObject([
      { actorType: 'AGENT', actorId: agent.id, actorName: agent.code, targetType: 'Agent', targetId: agent.id },
    ]);
    app.clock.advance(2);
    await agent.heartbeat().expectOk();
    expect(await heartbeats()).toHaveLength(2);
  });

  it('is audited again when it ends a silence, at most once in five minutes', async () => {
    const agent = await app.enrolAgent();
    const comeBack = async (): Promise<number> => {
      app.clock.advance(100);
      await app.runMaintenance();
      await agent.heartbeat().expectOk();
      return (await app.auditEventsAbout(agent.id, 'agent.heartbeat.received')).length;
    };
    await agent.heartbeat().expectOk();
    expect([await comeBack(), await comeBack(), await comeBack(), await comeBack()]).toEqual([1, 1, 1, 2]);
  });

  it('only writes the time while nothing changes, once a second for all agents', async () => {
    const agents = await Promise.all(Array.from({ length: 5 }, () => app.enrolAgent()));
    const service = aReportedService({ health: { status: 'UP' } });
    await agents[0]!.reportService(service);
    const heartbeat = { services: [{ code: service.code, health: service.health! }] };
    const beat = (): Promise<unknown> =>
      Promise.all([
        ...agents.map((agent) => agent.heartbeat(heartbeat).expectOk()),
        ...agents.map((agent) => agent.poll()),
        agents[0]!.reportService(service),
      ]);
    await beat();
    await app.settle();
    const writes = jest.spyOn(app.nest.get(Database), 'transaction');
    const since = Date.now();
    for (let i = 0; i < 10; i += 1) await beat();
    await app.settle();
    const seconds = Math.ceil((Date.now() - since) / 1000);
    // Each second, and at the end, one for all agents and one for all services.
    expect(writes.mock.calls.length).toBeGreaterThanOrEqual(2);
    expect(writes.mock.calls.length).toBeLessThanOrEqual(2 * (seconds + 2));
  });
});

describe('A silent agent', () => {
  it('is marked offline once after the threshold, and audited', async () => {
    const [silent, alive] = [await app.enrolAgent(), await app.enrolAgent()];
    const { lastSeenAt } = await shown(silent);
    app.clock.advance(90);
    await alive.heartbeat().expectOk();
    await app.runMaintenance();
    expect((await shown(silent)).status).toBe('ONLINE');
    app.clock.advance(1);
    await Promise.all([app.runMaintenance(), app.runMaintenance()]);
    await app.runMaintenance();
    expect((await shown(silent)).status).toBe('OFFLINE');
    expect((await shown(alive)).status).toBe('ONLINE');
    expect(await offlineEvents(alive)).toEqual([]);
    expect(await offlineEvents(silent)).toMatchObject([
      {
        actorType: 'SYSTEM',
        actorId: 'system',
        targetType: 'Agent',
        targetId: silent.id,
        metadata: { code: silent.code, lastSeenAt },
      },
    ]);
  });

  it.each<[string, (agent: TestAgent) => PromiseLike<unknown>]>([
    ['heartbeat', (agent) => agent.heartbeat().expectOk()],
    ['poll', (agent) => agent.poll()],
    ['report', (agent) => agent.report([aReportedService()]).expectOk()],
  ])('stays online as long as it calls, and is online again with its next call: %s', async (_, showLife) => {
    const agent = await app.enrolAgent();
    for (let i = 0; i < 3; i += 1) {
      app.clock.advance(60);
      await showLife(agent);
      await app.runMaintenance();
      expect((await shown(agent)).status).toBe('ONLINE');
    }
    app.clock.advance(91);
    await app.runMaintenance();
    expect((await shown(agent)).status).toBe('OFFLINE');
    await showLife(agent);
    expect((await shown(agent)).status).toBe('ONLINE');
    app.clock.advance(91);
    await app.runMaintenance();
    expect(await offlineEvents(agent)).toHaveLength(2);
  });

  it('stays disabled or revoked', async () => {
    const [disabled, revoked] = [await app.enrolAgent(), await app.enrolAgent()];
    const operator = await app.signIn('operator');
    await operator.post(`/api/admin/agents/${disabled.id}/disable`).expectOk();
    await operator.post(`/api/admin/agents/${revoked.id}/revoke`).expectOk();
    app.clock.advance(100);
    await app.runMaintenance();
    expect((await shown(disabled)).status).toBe('DISABLED');
    expect((await shown(revoked)).status).toBe('REVOKED');
    for (const agent of [disabled, revoked]) expect(await offlineEvents(agent)).toEqual([]);
  });

  it('is judged by a new threshold at once', async () => {
    app = await startTestApp({ config: { agentHeartbeatIntervalSeconds: 5 } });
    const agent = await app.enrolAgent();
    const owner = await app.signIn('owner');
    await owner.patch('/api/admin/settings/maintenance', { agentOfflineThresholdSeconds: 10 }).expectOk();
    app.clock.advance(11);
    await app.runMaintenance();
    expect((await shown(agent)).status).toBe('OFFLINE');
  });

  it('has a full threshold to come back after the server was down', async () => {
    app = await startTestApp();
    app.clock.stop();
    const agent = await app.enrolAgent();
    app.clock.advance(3600);
    await app.stop();
    const restarted = await startTestApp({ beside: app });
    app = restarted;
    const owner = await restarted.signIn('owner');
    const run = (): Promise<unknown> => owner.post('/api/admin/maintenance/run').expectOk();
    await run();
    restarted.clock.advance(89);
    await run();
    expect((await shown(agent)).status).toBe('ONLINE');
    expect(await offlineEvents(agent)).toEqual([]);
    restarted.clock.advance(1);
    await run();
    expect((await shown(agent)).status).toBe('OFFLINE');
    expect(await offlineEvents(agent)).toHaveLength(1);
  });
});

describe('An agent that leaves', () => {
  const leave = (agent: TestAgent, leaving: unknown = {}) =>
    agent.request('POST', '/heartbeat', { body: { leaving } }).expectOk<HeartbeatResponse>();
  const leftEvents = ({ id }: TestAgent): Promise<readonly AuditEvent[]> => app.auditEventsAbout(id, 'agent.left');

  it('is offline at once, takes no command, and is back with its next sign of life', async () => {
    const agent = await app.enrolAgent();
    const service = aReportedService({ actions: [{ name: 'greet', label: 'Greet' }] });
    const { id } = await agent.reportService(service);
    const operator = await app.signIn('operator');
    const run = () => operator.post(`/api/admin/capsule-services/${id}/actions/greet`, {});
    await leave(agent, { backInSeconds: 60 });
    expect(await shown(agent)).toMatchObject({ status: 'OFFLINE' });
    expect(await leftEvents(agent)).toMatchObject([
      { actorType: 'AGENT', actorId: agent.id, metadata: { code: agent.code, backInSeconds: 60 } },
    ]);
    await run().expectError(409, 'AGENT_OFFLINE');
    await agent.heartbeat().expectOk();
    expect(await shown(agent)).toMatchObject({ status: 'ONLINE' });
    await run().expectOk();
    expect(await app.auditEventsAbout(agent.id, 'agent.returned')).toHaveLength(1);
  });

  it('is told of once, also when it says so twice, and not as one that fell silent', async () => {
    const agent = await app.enrolAgent();
    await leave(agent);
    await leave(agent);
    app.clock.advance(3_600);
    await (await app.signIn('owner')).post('/api/admin/maintenance/run').expectOk();
    expect(await leftEvents(agent)).toHaveLength(1);
    expect(await offlineEvents(agent)).toEqual([]);
  });

  it('gets its held poll answered', async () => {
    const agent = await app.enrolAgent();
    const held = agent.park(30).expectOk();
    await parked(app, 1);
    await leave(agent);
    expect(await held).toEqual([]);
    expect(await shown(agent)).toMatchObject({ status: 'OFFLINE' });
  });

  it.each([
    ['true', true, 'leaving'],
    ['a return in the past', { backInSeconds: -5 }, 'leaving.backInSeconds'],
  ])('leaves with %s too, which is named', async (_, leaving, path) => {
    const agent = await app.enrolAgent();
    const { warnings } = await leave(agent, leaving);
    expect(warnings?.map((warning) => warning.path)).toEqual([path]);
    expect(await shown(agent)).toMatchObject({ status: 'OFFLINE' });
  });
});
