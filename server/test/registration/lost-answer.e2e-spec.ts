import type { AgentDetail, RegisterAgentResponse } from '#contracts';
import { aCode, type ApiCall, aReportedService } from '#testing';
import { newToken, REGISTER } from '../support/registration-attempts.js';
import { sharedTestApp, startTestApp, type TestApp } from '../support/start-test-app.js';

const KEY = 'k'.repeat(22);

interface Attempt {
  readonly registrationToken: string;
  readonly agent: { readonly code: string };
  readonly enrolmentKey?: string;
}

let app: TestApp;
let attempt: Attempt;
beforeEach(async () => {
  app = await sharedTestApp();
  attempt = { registrationToken: await newToken(app), agent: { code: aCode('lost') }, enrolmentKey: KEY };
});

const send = (changes: Partial<Attempt> = {}, service = aReportedService()): ApiCall =>
  app.api.post(REGISTER, { ...attempt, service, ...changes });

const register = (): Promise<RegisterAgentResponse> => send().expectOk<RegisterAgentResponse>();

const heartbeat = ({ agentId, agentToken }: RegisterAgentResponse): ApiCall =>
  app.api.post(`/api/agents/${agentId}/heartbeat`, {}, { headers: { authorization: `Bearer ${agentToken}` } });

describe('a registration whose answer was lost', () => {
  it('is answered again with a fresh token for the same agent; the one that was lost is worth nothing', async () => {
    const service = aReportedService();
    const lost = await send({}, service).expectOk<RegisterAgentResponse>();
    const second = await send({}, service).expectOk<RegisterAgentResponse>();
    const third = await send({}, service).expectOk<RegisterAgentResponse>();
    expect([second.agentId, third.agentId]).toEqual([lost.agentId, lost.agentId]);
    expect(new Set([lost, second, third].map(({ agentToken }) => agentToken)).size).toBe(3);
    for (const worthless of [lost, second]) await heartbeat(worthless).expectError(401, 'UNAUTHORIZED');
    await heartbeat(third).expectOk();
    const viewer = await app.signIn('viewer');
    const shown = await viewer.get(`/api/admin/agents/${lost.agentId}`).expectOk<AgentDetail>();
    expect(shown).toMatchObject({ code: attempt.agent.code, serviceCount: 1 });
    const events = await app.auditEventsAbout(lost.agentId, 'agent.registered');
    expect(events.filter(({ metadata }) => metadata.repeated)).toHaveLength(2);
  });

  it('is not repeated once the token it was given was used, at whichever server', async () => {
    await heartbeat(await register()).expectOk();
    await send().expectError(409, 'REGISTRATION_TOKEN_USED');
  });

  it.each<[string, Partial<Attempt>, 401 | 409]>([
    ['with another key', { enrolmentKey: 'x'.repeat(22) }, 409],
    ['without a key', { enrolmentKey: undefined }, 409],
    ['for another code', { agent: { code: aCode('other') } }, 409],
  ])('is not repeated %s', async (_, changes, status) => {
    const first = await register();
    await send(changes).expectError(status, 'REGISTRATION_TOKEN_USED');
    await heartbeat(first).expectOk();
  });

  it('is not repeated when the first one sent no key', async () => {
    await send({ enrolmentKey: undefined }).expectOk();
    await send().expectError(409, 'REGISTRATION_TOKEN_USED');
  });

  it('is not repeated after ten minutes, nor after the agent was revoked', async () => {
    const first = await register();
    const operator = await app.newUser('operator');
    await operator.post(`/api/admin/agents/${first.agentId}/revoke`).expectOk();
    await send().expectError(409, 'REGISTRATION_TOKEN_USED');
    attempt = { ...attempt, registrationToken: await newToken(app), agent: { code: aCode('late') } };
    await register();
    app.clock.advance(600);
    await send().expectError(409, 'REGISTRATION_TOKEN_USED');
  });

  it('leaves one token that works, when it is repeated several times at once', async () => {
    await register();
    const answers = await Promise.all([1, 2, 3, 4].map(() => send().expectOk<RegisterAgentResponse>()));
    const statuses = await Promise.all(answers.map(async (answer) => (await heartbeat(answer)).status));
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
  });

  it('needs a key that cannot be guessed', async () => {
    await send({ enrolmentKey: 'k'.repeat(21) }).expectError(422, 'VALIDATION_FAILED');
  });
});

describe('a refused registration of a known agent', () => {
  // Refusals are sampled: each test has a server of its own.
  beforeEach(async () => {
    app = await startTestApp();
    attempt = { ...attempt, registrationToken: await newToken(app) };
  });

  it('names it in the audit and says what to do', async () => {
    const agent = await app.enrolAgent();
    const other = { ...attempt, agent: { code: agent.code } };
    const { message, details } = await app.api.post(REGISTER, other).expectError(409, 'AGENT_CODE_TAKEN');
    expect(message).toContain('register with a token made for it');
    expect(details).toEqual({ agentId: agent.id, agentCode: agent.code, agentStatus: 'ONLINE' });
    expect(await app.auditEventsAbout(agent.id, 'registration.rejected')).toMatchObject([
      { targetType: 'Agent', result: 'FAILURE', metadata: { agentCode: agent.code, errorCode: 'AGENT_CODE_TAKEN' } },
    ]);
  });

  it('names it for a used token, but not for one that never existed: a stranger can name any agent', async () => {
    const agent = await app.enrolAgent();
    await send({ registrationToken: 'opstage_reg_nothing', agent: { code: agent.code } }).expectError(
      401,
      'REGISTRATION_TOKEN_INVALID',
    );
    expect(await app.auditEventsAbout(agent.id, 'registration.rejected')).toEqual([]);
    app.clock.advance(120);
    await register();
    await send({ enrolmentKey: undefined, agent: { code: agent.code } }).expectError(409, 'REGISTRATION_TOKEN_USED');
    expect(await app.auditEventsAbout(agent.id, 'registration.rejected')).toMatchObject([
      { metadata: { errorCode: 'REGISTRATION_TOKEN_USED' } },
    ]);
  });
});
