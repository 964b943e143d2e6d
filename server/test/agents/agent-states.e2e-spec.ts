import type { AgentDetail, AgentSummary, AuditAction, AuditEvent } from '#contracts';
import { aReportedService, type TestAgent, type TestOperator } from '#testing';
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

describe('an operator’s hand on an agent', () => {
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
  ])('changes nothing and audits nothing the second time: %s', async (move, action, status) => {
    const agent = await app.enrolAgent();
    const answers = await Promise.all([act(agent, move), act(agent, move), act(agent, move)]);
    const again = await act(agent, move);
    for (const answer of answers) expect(answer).toEqual({ ...again, status });
    expect(await eventsOf(agent, action)).toHaveLength(1);
  });

  it('leaves an agent alone that is enabled already', async () => {
    const agent = await app.enrolAgent();
    expect(await act(agent, 'enable')).toMatchObject({ status: 'ONLINE' });
    expect(await eventsOf(agent, 'agent.enabled')).toEqual([]);
  });

  it('revokes a disabled agent, and neither enables nor disables a revoked one', async () => {
    const agent = await app.enrolAgent();
    await act(agent, 'disable');
    expect(await act(agent, 'revoke')).toMatchObject({ status: 'REVOKED' });
    await operator.post(pathOf(agent, 'enable')).expectError(409, 'AGENT_REVOKED');
    await operator.post(pathOf(agent, 'disable')).expectError(409, 'AGENT_REVOKED');
    expect(
      (await eventsOf(agent, 'agent.enabled', 'agent.disabled', 'agent.revoked')).map(({ action }) => action),
    ).toEqual(['agent.revoked', 'agent.disabled']);
  });

  it.each<Move>(['disable', 'enable', 'revoke'])('finds nothing to %s under an unknown id', async (move) => {
    const unknown = 'agt_01ARZ3NDEKTSV4RRFFQ69G5FAV';
    await operator.post(`/api/admin/agents/${unknown}/${move}`).expectError(404, 'AGENT_NOT_FOUND');
  });

  it('cuts it off from every call at once', async () => {
    const agent = await app.enrolAgent();
    const service = await agent.reportService(aReportedService());
    const action = `/api/admin/capsule-services/${service.id}/actions/echo`;
    for (let i = 0; i < 20; i += 1) await operator.post(action, { payload: { text: `${i}` } }).expectOk();
    const polls = Array.from({ length: 20 }, () => agent.request('GET', '/commands?limit=1'));
    await act(agent, 'disable');
    await Promise.all(polls);

    await agent.request('GET', '/commands').expectError(403, 'AGENT_DISABLED');
    await agent.report([aReportedService()]).expectError(403, 'AGENT_DISABLED');
    const events = await app.auditEvents('agent.disabled', 'command.dispatched');
    const own = events.filter(({ actorId, targetId }) => actorId === agent.id || targetId === agent.id);
    expect(own[0]).toMatchObject({ action: 'agent.disabled' });
  });
});

describe('the detail of an agent', () => {
  it('lists its services as they are, without the retired', async () => {
    const agent = await app.enrolAgent();
    const [kept, retired] = [aReportedService({ name: 'Kept' }), aReportedService({ name: 'Retired' })];
    await agent.report([kept, retired]).expectOk();
    await agent.report([kept], true).expectOk();
    const detail = await operator.get(`/api/admin/agents/${agent.id}`).expectOk<AgentDetail>();
    expect(detail).toMatchObject({ id: agent.id, serviceCount: 1, lastSeenAt: anInstant() });
    expect(detail.services).toMatchObject([{ code: kept.code, name: 'Kept', agentId: agent.id, status: 'HEALTHY' }]);
    expect(detail.lastSeenAt).toBe(detail.lastHeartbeatAt);
  });

  it('is not there for an unknown id', async () => {
    await operator.get('/api/admin/agents/agt_none').expectError(404, 'AGENT_NOT_FOUND');
  });
});
