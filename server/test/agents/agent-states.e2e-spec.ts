import type { AgentDetail, AgentSummary, AuditAction, AuditEvent, Command } from '#contracts';
import { aReportedService, type TestAgent, type TestOperator } from '#testing';
import type { AgentActor } from '../../src/common/actor.js';
import { Database } from '../../src/database/database.js';
import { AgentLiveness } from '../../src/modules/agents/liveness/agent-liveness.js';
import { anInstant } from '../support/matchers.js';
import { startTestApp, type TestApp } from '../support/start-test-app.js';

type Move = 'disable' | 'enable' | 'revoke';

let app: TestApp;
let operator: TestOperator;
beforeAll(async () => {
  app = await startTestApp();
  operator = await app.signIn('operator');
});

const pathOf = (agent: TestAgent, move: Move): string => `/api/admin/agents/${agent.id}/${move}`;

const act = (agent: TestAgent, move: Move): Promise<AgentSummary> =>
  operator.post(pathOf(agent, move)).expectOk<AgentSummary>();

const eventsOf = async (agent: TestAgent, ...actions: AuditAction[]): Promise<readonly AuditEvent[]> =>
  (await app.auditEvents(...actions)).filter(({ targetId }) => targetId === agent.id);

describe('An operator’s change of an agent', () => {
  it('disables it, enables it, and is audited each time', async () => {
    const agent = await app.enrolAgent({ name: 'Handled' });
    expect(await act(agent, 'disable')).toMatchObject({
      id: agent.id,
      name: 'Handled',
      status: 'DISABLED',
      serviceCount: 0,
    });
    await agent.heartbeat().expectError(403, 'AGENT_DISABLED');
    expect(await act(agent, 'enable')).toMatchObject({ id: agent.id, status: 'OFFLINE' });
    await agent.heartbeat().expectOk();
    const actor = { actorType: 'USER', actorId: operator.session.user.id, actorName: 'operator', result: 'SUCCESS' };
    expect(await eventsOf(agent, 'agent.disabled', 'agent.enabled')).toMatchObject([
      { ...actor, action: 'agent.enabled', targetType: 'Agent', metadata: { code: agent.code } },
      { ...actor, action: 'agent.disabled', targetType: 'Agent', metadata: { code: agent.code } },
    ]);
  });

  it.each<[Move, AuditAction, string]>([
    ['disable', 'agent.disabled', 'DISABLED'],
    ['revoke', 'agent.revoked', 'REVOKED'],
  ])('changes and audits nothing the second time: %s', async (move, action, status) => {
    const agent = await app.enrolAgent();
    const answers = await Promise.all([act(agent, move), act(agent, move), act(agent, move)]);
    const again = await act(agent, move);
    for (const answer of answers) expect(answer).toEqual({ ...again, status });
    expect(await eventsOf(agent, action)).toHaveLength(1);
  });

  it('does not change an agent that is already enabled', async () => {
    const agent = await app.enrolAgent();
    expect(await act(agent, 'enable')).toMatchObject({ status: 'ONLINE' });
    expect(await eventsOf(agent, 'agent.enabled')).toEqual([]);
  });

  it('can revoke a disabled agent, but neither enable nor disable a revoked one', async () => {
    const agent = await app.enrolAgent();
    await act(agent, 'disable');
    expect(await act(agent, 'revoke')).toMatchObject({ status: 'REVOKED' });
    await operator.post(pathOf(agent, 'enable')).expectError(409, 'AGENT_REVOKED');
    await operator.post(pathOf(agent, 'disable')).expectError(409, 'AGENT_REVOKED');
    expect(
      (await eventsOf(agent, 'agent.enabled', 'agent.disabled', 'agent.revoked')).map(({ action }) => action),
    ).toEqual(['agent.revoked', 'agent.disabled']);
  });

  it.each<Move>(['disable', 'enable', 'revoke'])('cannot %s an agent that does not exist', async (move) => {
    const unknown = 'agt_01ARZ3NDEKTSV4RRFFQ69G5FAV';
    await operator.post(`/api/admin/agents/${unknown}/${move}`).expectError(404, 'AGENT_NOT_FOUND');
  });

  it.each<[Move, 'AGENT_DISABLED' | 'AGENT_REVOKED']>([
    ['disable', 'AGENT_DISABLED'],
    ['revoke', 'AGENT_REVOKED'],
  ])('makes every call of the agent fail: %s', async (move, code) => {
    const agent = await app.enrolAgent();
    const service = await agent.reportService(aReportedService());
    const action = `/api/admin/capsule-services/${service.id}/actions/echo`;
    const { id } = await operator.post(action, { payload: { text: 'never taken' } }).expectOk<Command>();
    await act(agent, move);
    await agent.request('GET', '/commands').expectError(403, code);
    await agent.report([aReportedService()]).expectError(403, code);
    await agent.heartbeat().expectError(403, code);
    expect(await operator.get(`/api/admin/commands/${id}`).expectOk<Command>()).toMatchObject({ status: 'PENDING' });
  });

  it.each<[Move, 'AGENT_DISABLED' | 'AGENT_REVOKED']>([
    ['disable', 'AGENT_DISABLED'],
    ['revoke', 'AGENT_REVOKED'],
  ])('also refuses a call that was authorized just before: %s', async (move, code) => {
    const agent = await app.enrolAgent();
    const { lastSeenAt } = await act(agent, move);
    const origin = { ipAddress: null, userAgent: null };
    const { id, code: agentCode } = agent;
    const admitted: AgentActor = { kind: 'agent', id, code: agentCode, status: 'ONLINE', tokenHash: '', origin };
    const liveness = app.nest.get(AgentLiveness);
    const late = app.nest.get(Database).transaction((tx) => liveness.markSeenIn(tx, admitted));
    await expect(late).rejects.toMatchObject({ code });
    await liveness.markSeen(admitted);
    await liveness.flush();
    expect(await act(agent, move)).toMatchObject({ lastSeenAt });
  });
});

describe('The detail of an agent', () => {
  it('lists its services without retired ones', async () => {
    const agent = await app.enrolAgent();
    const [kept, retired] = [aReportedService({ name: 'Kept' }), aReportedService({ name: 'Retired' })];
    await agent.report([kept, retired]).expectOk();
    await agent.report([kept], true).expectOk();
    const detail = await operator.get(`/api/admin/agents/${agent.id}`).expectOk<AgentDetail>();
    expect(detail).toMatchObject({ id: agent.id, serviceCount: 1, lastSeenAt: anInstant() });
    expect(detail.services).toMatchObject([{ code: kept.code, name: 'Kept', agentId: agent.id, status: 'HEALTHY' }]);
    expect(detail.lastSeenAt).toBe(detail.lastHeartbeatAt);
  });

  it('does not exist for an unknown id', async () => {
    await operator.get('/api/admin/agents/agt_none').expectError(404, 'AGENT_NOT_FOUND');
  });
});
