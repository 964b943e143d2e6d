import type { AgentDetail, AgentSummary, CapsuleServiceDetail, RegisterAgentResponse } from '#contracts';
import { anAgentDescription, aReportedService } from '#testing';
import { aText, anId, anInstant } from '../support/matchers.js';
import { issuePaths } from '../support/refusal.js';
import { newToken, register, REGISTER, tokenRow } from '../support/registration-attempts.js';
import { startTestApp, type TestApp } from '../support/start-test-app.js';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});

describe('registering an agent', () => {
  it('returns its id, its token and the cadence, and puts it online', async () => {
    const agent = anAgentDescription({ mode: 'sidecar', hostname: 'host-1', os: 'linux', arch: 'x64' });
    const answer = await register(app, await newToken(app), agent);
    const registered = answer.data<RegisterAgentResponse>();
    expect(answer.json()).toEqual({
      success: true,
      data: {
        agentId: anId('agt'),
        agentToken: aText(/^opstage_agent_[\w-]{43}$/),
        heartbeatIntervalSeconds: 30,
        commandPollIntervalSeconds: 5,
        longPollSeconds: 25,
      },
    });
    const viewer = await app.signIn('viewer');
    expect(await viewer.get(`/api/admin/agents/${registered.agentId}`).expectOk<AgentDetail>()).toEqual({
      id: registered.agentId,
      ...agent,
      status: 'ONLINE',
      registeredAt: anInstant(),
      lastHeartbeatAt: anInstant(),
      lastSeenAt: anInstant(),
      createdAt: anInstant(),
      updatedAt: anInstant(),
      serviceCount: 0,
      services: [],
      warnings: [],
      tokenReusedAt: null,
      pollsDisplacedAt: null,
    });
  });

  it('fills in what a short description omits', async () => {
    const body = { registrationToken: await newToken(app), agent: { code: 'short-one' } };
    const { agentId } = await app.api.post(REGISTER, body).expectOk<RegisterAgentResponse>();
    const viewer = await app.signIn('viewer');
    expect(await viewer.get(`/api/admin/agents/${agentId}`).expectOk<AgentDetail>()).toMatchObject({
      name: 'short-one',
      mode: 'embedded',
      runtime: null,
      version: null,
      hostname: null,
      os: null,
      arch: null,
    });
  });

  it('stores the service it reports, in the same step', async () => {
    const service = aReportedService();
    const { agentId } = await register(app, await newToken(app), {}, service).expectOk<RegisterAgentResponse>();
    const viewer = await app.signIn('viewer');
    const agent = await viewer.get(`/api/admin/agents/${agentId}`).expectOk<AgentDetail>();
    expect(agent.services).toMatchObject([{ code: service.code, status: 'HEALTHY' }]);
    const path = `/api/admin/capsule-services/${agent.services[0]!.id}`;
    expect(await viewer.get(path).expectOk<CapsuleServiceDetail>()).toMatchObject({
      agentId,
      actions: [{ name: 'echo' }],
    });
  });

  it('uses up the token and records by which agent', async () => {
    const token = await (await app.signIn('operator')).createToken();
    const { agentId } = await register(app, token.token).expectOk<RegisterAgentResponse>();
    expect(await tokenRow(app, token.id)).toMatchObject({
      status: 'USED',
      usedAt: anInstant(),
      usedByAgentId: agentId,
    });
  });

  it('is audited as the agent, with the token it used', async () => {
    const token = await (await app.signIn('operator')).createToken({ name: 'audited' });
    const agent = anAgentDescription({ version: '2.0.0' });
    const { agentId } = await register(app, token.token, agent).expectOk<RegisterAgentResponse>();
    const events = await app.auditEvents('agent.registered', 'registration_token.consumed');
    const own = events.filter(({ actorId }) => actorId === agentId);
    const actor = { actorType: 'AGENT', actorId: agentId, actorName: agent.code, result: 'SUCCESS' };
    expect(own).toMatchObject([
      { ...actor, action: 'registration_token.consumed', targetType: 'RegistrationToken', targetId: token.id },
      { ...actor, action: 'agent.registered', targetType: 'Agent', targetId: agentId, ipAddress: '127.0.0.1' },
    ]);
    expect(own[0]!.metadata).toEqual({ agentId, agentCode: agent.code });
    expect(own[1]!.metadata).toEqual({ code: agent.code, mode: 'embedded', version: '2.0.0', again: false });
  });

  it('ignores fields of newer agents', async () => {
    const agent = { ...anAgentDescription(), pid: 4711 };
    const body = { registrationToken: await newToken(app), agent, features: ['long-poll'] };
    await app.api.post(REGISTER, body).expectOk();
  });

  it('accepts null for unknown values', async () => {
    const agent = { ...anAgentDescription(), hostname: null, version: null };
    const service = { ...aReportedService(), description: null, manifest: null, configs: null };
    await app.api.post(REGISTER, { registrationToken: await newToken(app), agent, service }).expectOk();
  });
});

describe('a malformed registration', () => {
  it.each([
    ['without a token', { registrationToken: undefined }, 'registrationToken'],
    ['with an empty token', { registrationToken: '' }, 'registrationToken'],
    ['without an agent', { agent: undefined }, 'agent'],
    ['with a list for an agent', { agent: [] }, 'agent'],
    ['with a code in capitals', { agent: { code: 'Agent' } }, 'agent.code'],
    ['with a code that begins with a dash', { agent: { code: '-agent' } }, 'agent.code'],
    ['with a code of 81 characters', { agent: { code: 'a'.repeat(81) } }, 'agent.code'],
    ['with an unknown mode', { agent: { code: 'agent', mode: 'root' } }, 'agent.mode'],
    ['with a name of 201 characters', { agent: { code: 'agent', name: 'a'.repeat(201) } }, 'agent.name'],
    ['with a service that has no name', { service: { code: 'service' } }, 'service.name'],
    ['with a list for a service', { service: [] }, 'service'],
  ])('is refused %s', async (_, change, path) => {
    const body = { registrationToken: await newToken(app), agent: { code: 'agent' }, ...change };
    expect(issuePaths(await app.api.post(REGISTER, body))).toContain(path);
  });

  it('leaves the token unused and creates no agent', async () => {
    const token = await (await app.signIn('operator')).createToken();
    const service = { ...aReportedService(), actions: [{ name: 'no label' }] };
    const body = { registrationToken: token.token, agent: { code: 'half-written' }, service };
    await app.api.post(REGISTER, body).expectError(422, 'VALIDATION_FAILED');
    expect((await tokenRow(app, token.id)).status).toBe('ACTIVE');
    const viewer = await app.signIn('viewer');
    expect((await viewer.get('/api/admin/agents?q=half-written').expectPage<AgentSummary>()).data).toEqual([]);
  });
});
