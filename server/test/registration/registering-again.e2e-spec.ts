import type { AgentDetail, CapsuleServiceDetail, RegisterAgentResponse } from '#contracts';
import { aReportedService, type ApiCall, type TestAgent } from '#testing';
import { newToken, register, registerWith } from '../support/registration-attempts.js';
import { startTestApp, type TestApp } from '../support/start-test-app.js';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
  app.clock.stop();
});

const shown = async (agent: TestAgent): Promise<AgentDetail> =>
  (await app.signIn('viewer')).get(`/api/admin/agents/${agent.id}`).expectOk<AgentDetail>();

const act = async (agent: TestAgent, what: 'disable' | 'enable' | 'revoke'): Promise<AgentDetail> =>
  (await app.signIn('operator')).post(`/api/admin/agents/${agent.id}/${what}`).expectOk<AgentDetail>();

const heartbeatWith = (agent: TestAgent, token: string): ApiCall =>
  agent.request('POST', '/heartbeat', { headers: { authorization: `Bearer ${token}` } });

describe('registering again', () => {
  it('keeps the agent, its services and its history, and ends its older token', async () => {
    const agent = await app.enrolAgent({ name: 'Before' });
    const service = await agent.reportService(aReportedService());
    const before = await shown(agent);
    app.clock.advance(100);

    const again = await registerWith(app, {}, { code: agent.code, name: 'After', version: '2.0.0' });
    expect(again.agentId).toBe(agent.id);
    expect(again.agentToken).not.toBe(agent.token);
    const after = await shown(agent);
    expect(after).toMatchObject({ name: 'After', version: '2.0.0', status: 'ONLINE', createdAt: before.createdAt });
    expect(after.registeredAt > before.registeredAt).toBe(true);
    expect(after.services.map(({ id }) => id)).toEqual([service.id]);
    await heartbeatWith(agent, again.agentToken).expectOk();
    await agent.heartbeat().expectError(401, 'UNAUTHORIZED');
  });

  it('is audited as a rotation of its token', async () => {
    const agent = await app.enrolAgent();
    expect((await app.auditEvents('agent.token.rotated')).filter(({ targetId }) => targetId === agent.id)).toEqual([]);
    await registerWith(app, { agentCode: agent.code }, { code: agent.code });
    const events = await app.auditEvents('agent.token.rotated', 'agent.registered');
    expect(events.filter(({ targetId }) => targetId === agent.id)).toMatchObject([
      { action: 'agent.registered', actorId: agent.id, metadata: { again: true } },
      {
        action: 'agent.token.rotated',
        actorType: 'AGENT',
        actorId: agent.id,
        targetType: 'Agent',
        metadata: { revokedTokens: 1 },
      },
      { action: 'agent.registered', metadata: { again: false } },
    ]);
  });

  it('takes over a live agent only with a token for its code', async () => {
    const agent = await app.enrolAgent();
    await register(app, await newToken(app), { code: agent.code }).expectError(409, 'AGENT_CODE_TAKEN');
    await agent.heartbeat().expectOk();
    const again = await registerWith(app, { agentCode: agent.code }, { code: agent.code });
    expect(again.agentId).toBe(agent.id);
    await agent.heartbeat().expectError(401, 'UNAUTHORIZED');
  });

  it('needs no such token once the agent has been silent for the offline threshold', async () => {
    const agent = await app.enrolAgent();
    app.clock.advance(90);
    await register(app, await newToken(app), { code: agent.code }).expectError(409, 'AGENT_CODE_TAKEN');
    app.clock.advance(1);
    expect(await registerWith(app, {}, { code: agent.code })).toMatchObject({ agentId: agent.id });
  });

  it('brings a revoked agent back only with a token for its code', async () => {
    const agent = await app.enrolAgent();
    await act(agent, 'revoke');
    app.clock.advance(100);
    await register(app, await newToken(app), { code: agent.code }).expectError(409, 'AGENT_CODE_TAKEN');
    await agent.heartbeat().expectError(403, 'AGENT_REVOKED');

    const again = await registerWith(app, { agentCode: agent.code }, { code: agent.code });
    expect(again.agentId).toBe(agent.id);
    expect((await shown(agent)).status).toBe('ONLINE');
    await heartbeatWith(agent, again.agentToken).expectOk();
  });

  it('leaves a disabled agent disabled, even with a token for its code', async () => {
    const agent = await app.enrolAgent();
    await act(agent, 'disable');
    const again = await registerWith(app, {}, { code: agent.code });
    expect((await shown(agent)).status).toBe('DISABLED');
    await heartbeatWith(agent, again.agentToken).expectError(403, 'AGENT_DISABLED');
    const third = await registerWith(app, { agentCode: agent.code }, { code: agent.code });
    expect((await shown(agent)).status).toBe('DISABLED');
    await act(agent, 'enable');
    await heartbeatWith(agent, third.agentToken).expectOk();
  });

  it('refuses a token for one code to every other code', async () => {
    const token = await newToken(app, { agentCode: 'only-this-one' });
    await register(app, token, { code: 'another' }).expectError(401, 'REGISTRATION_TOKEN_INVALID');
    const { agentId } = await register(app, token, { code: 'only-this-one' }).expectOk<RegisterAgentResponse>();
    expect(agentId).toMatch(/^agt_/);
  });

  it('reports its service again under the same id', async () => {
    const agent = await app.enrolAgent();
    const service = await agent.reportService(aReportedService());
    app.clock.advance(100);
    const token = await newToken(app);
    const newer = aReportedService({ code: service.code, version: '1.1.0' });
    await register(app, token, { code: agent.code }, newer).expectOk();
    const viewer = await app.signIn('viewer');
    const path = `/api/admin/capsule-services/${service.id}`;
    expect(await viewer.get(path).expectOk<CapsuleServiceDetail>()).toMatchObject({
      version: '1.1.0',
      agentId: agent.id,
    });
  });
});
