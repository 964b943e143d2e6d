import type { AgentId } from '#contracts';
import type { ApiCall, TestAgent } from '#testing';
import { registerWith } from '../support/registration-attempts.js';
import { startTestApp, type TestApp } from '../support/start-test-app.js';

const UNKNOWN: AgentId = 'agt_01ARZ3NDEKTSV4RRFFQ69G5FAV';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});

const heartbeat = (agentId: AgentId, authorization?: string): ApiCall =>
  app.api.post(
    `/api/agents/${agentId}/heartbeat`,
    {},
    { headers: authorization === undefined ? {} : { authorization } },
  );

const act = async (agent: TestAgent, what: 'disable' | 'revoke'): Promise<unknown> =>
  (await app.signIn('operator')).post(`/api/admin/agents/${agent.id}/${what}`).expectOk();

describe('An agent token', () => {
  it.each([
    ['no token', () => undefined],
    ['an unknown token', () => `Bearer opstage_agent_${'x'.repeat(43)}`],
    ['a registration token’s shape', () => `Bearer opstage_reg_${'x'.repeat(43)}`],
    ['its token in another scheme', (token: string) => `Basic ${token}`],
    ['its token without a scheme', (token: string) => token],
    ['its token cut short', (token: string) => `Bearer ${token.slice(0, -1)}`],
    ['its token in capitals', (token: string) => `Bearer ${token.toUpperCase()}`],
  ])('is required: a request with %s is refused', async (_, authorization) => {
    const agent = await app.enrolAgent();
    const answer = await heartbeat(agent.id, authorization(agent.token));
    answer.error(401, 'UNAUTHORIZED');
    expect(answer.headers.get('www-authenticate')).toContain('Bearer');
  });

  it('is not accepted in the query or the body', async () => {
    const { id, token } = await app.enrolAgent();
    const path = `/api/agents/${id}/heartbeat`;
    await app.api.post(`${path}?access_token=${token}`, {}).expectError(401, 'UNAUTHORIZED');
    await app.api.post(path, { access_token: token }).expectError(401, 'UNAUTHORIZED');
  });

  it('gives access to its own path only, and reveals nothing about others', async () => {
    const [agent, other] = [await app.enrolAgent(), await app.enrolAgent()];
    const there = await heartbeat(other.id, `Bearer ${agent.token}`);
    const nowhere = await heartbeat(UNKNOWN, `Bearer ${agent.token}`);
    there.error(403, 'AGENT_ID_MISMATCH');
    expect(nowhere.text).toBe(there.text);
    expect(nowhere.status).toBe(there.status);
  });
});

describe('A disabled or revoked agent', () => {
  it.each(['disable', 'revoke'] as const)(
    'gets that answer with its last token, but not with an older one: %s',
    async (what) => {
      const agent = await app.enrolAgent();
      const { agentToken } = await registerWith(app, { agentCode: agent.code }, { code: agent.code });
      await act(agent, what);
      const code = what === 'disable' ? 'AGENT_DISABLED' : 'AGENT_REVOKED';
      await heartbeat(agent.id, `Bearer ${agentToken}`).expectError(403, code);
      await heartbeat(agent.id, `Bearer ${agent.token}`).expectError(401, 'UNAUTHORIZED');
      await heartbeat(agent.id, `Bearer opstage_agent_${'x'.repeat(43)}`).expectError(401, 'UNAUTHORIZED');
    },
  );

  it('learns nothing about its state on the path of another agent', async () => {
    const [agent, other] = [await app.enrolAgent(), await app.enrolAgent()];
    await act(agent, 'revoke');
    await heartbeat(other.id, `Bearer ${agent.token}`).expectError(403, 'AGENT_ID_MISMATCH');
  });
});
