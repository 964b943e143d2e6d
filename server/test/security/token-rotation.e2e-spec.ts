import type { HeartbeatResponse } from '#contracts';
import type { TestAgent } from '#testing';
import { hashToken } from '../../src/common/crypto/hashes.js';
import { Database } from '../../src/database/database.js';
import { AgentTokenEntity } from '../../src/modules/agents/tokens/agent-token.entity.js';
import { parked } from '../support/hang-up.js';
import { registerWith } from '../support/registration-attempts.js';
import { startTestApp, type TestApp } from '../support/start-test-app.js';

const DAY_SECONDS = 86_400;

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
  app.clock.stop();
});

const rotate = (agent: TestAgent) => agent.request('POST', '/token');

const isAskedToRotate = async (agent: TestAgent): Promise<boolean | undefined> =>
  (await agent.heartbeat().expectOk<HeartbeatResponse>()).rotateToken;

const refuses = (agent: TestAgent) => agent.heartbeat().expectError(401, 'UNAUTHORIZED');

const storedTokens = (agent: TestAgent, condition = 'TRUE'): Promise<readonly { readonly token_hash: string }[]> =>
  app.nest
    .get(Database)
    .query(`SELECT token_hash FROM agent_tokens WHERE agent_id = :id AND ${condition}`, { id: agent.id });

describe('ASVS 13.3.4: the token of an agent', () => {
  it('can be replaced by a call with the token itself, and ends as soon as the new one is used', async () => {
    const agent = await app.enrolAgent();
    const anew = await agent.rotateToken();
    expect(anew.token).toMatch(/^opstage_agent_[\w-]{43,}$/);
    expect(anew.token).not.toBe(agent.token);
    await agent.heartbeat().expectOk();
    await anew.heartbeat().expectOk();
    await refuses(agent);
    await anew.heartbeat().expectOk();
  });

  it('ends ten minutes after it was replaced, even if the new one was never used', async () => {
    const agent = await app.enrolAgent();
    const anew = await agent.rotateToken();
    app.clock.advance(599);
    await agent.heartbeat().expectOk();
    app.clock.advance(1);
    await refuses(agent);
    await rotate(agent).expectError(401, 'UNAUTHORIZED');
    await anew.heartbeat().expectOk();
  });

  it('ends ten minutes after it is read when a clock that was ahead dated its end, and once only', async () => {
    const agent = await app.enrolAgent();
    const anew = await agent.rotateToken();
    const hash = hashToken(agent.token);
    const db = app.nest.get(Database);
    const later = app.clock.secondsFromNow(90 * DAY_SECONDS);
    await db.transaction((tx) =>
      tx.update(AgentTokenEntity, { retiresAt: later }, 'token_hash = :hash', { hash }).then(() => undefined),
    );
    await agent.heartbeat().expectOk();
    const latest = app.clock.secondsFromNow(600).getTime();
    expect(await storedTokens(agent, `retires_at = ${latest}`)).toEqual([{ token_hash: hash }]);
    app.clock.advance(600);
    await refuses(agent);
    await anew.heartbeat().expectOk();
  });

  it('can be replaced again when the answer was lost, which ends the lost token without extending the deadline', async () => {
    const agent = await app.enrolAgent();
    const lost = await agent.rotateToken();
    app.clock.advance(300);
    const anew = await agent.rotateToken();
    await refuses(lost);
    app.clock.advance(300);
    await refuses(agent);
    await anew.heartbeat().expectOk();
  });

  it('can be replaced any number of times, and leaves at most two that are valid', async () => {
    let agent = await app.enrolAgent();
    for (let i = 0; i < 5; i += 1) {
      agent = await agent.rotateToken();
      await agent.heartbeat().expectOk();
    }
    const before = agent;
    agent = await agent.rotateToken();
    const hashes = (await storedTokens(agent, 'revoked_at IS NULL')).map((row) => row.token_hash);
    expect(hashes.sort()).toEqual([hashToken(before.token), hashToken(agent.token)].sort());
  });

  it('is one of at most two valid ones when it is replaced many times at once', async () => {
    const agent = await app.enrolAgent();
    const made = await Promise.all(Array.from({ length: 8 }, () => agent.rotateToken()));
    expect(new Set(made.map(({ token }) => token)).size).toBe(made.length);
    await agent.heartbeat().expectOk();
    const answers = await Promise.all(made.map(async (one) => (await one.heartbeat()).status));
    expect(answers.filter((status) => status === 200)).toHaveLength(1);
    expect(answers.filter((status) => status === 401)).toHaveLength(made.length - 1);
    await refuses(agent);
  });

  it('ends its parked poll when it ends', async () => {
    const agent = await app.enrolAgent();
    const poll = agent.park();
    await parked(app, 1);
    const anew = await agent.rotateToken();
    await anew.heartbeat().expectOk();
    await poll.expectError(401, 'UNAUTHORIZED');
  });

  it('ends with the one that replaced it when the agent registers again', async () => {
    const agent = await app.enrolAgent();
    const anew = await agent.rotateToken();
    await registerWith(app, { agentCode: agent.code }, { code: agent.code });
    await refuses(agent);
    await refuses(anew);
  });

  it.each([
    ['disable', 'AGENT_DISABLED'],
    ['revoke', 'AGENT_REVOKED'],
  ] as const)('cannot be replaced by an agent without access: %s', async (verb, code) => {
    const agent = await app.enrolAgent();
    const anew = await agent.rotateToken();
    await (await app.signIn('operator')).post(`/api/admin/agents/${agent.id}/${verb}`).expectOk();
    const before = await storedTokens(agent);
    for (const one of [agent, anew]) await rotate(one).expectError(403, code);
    expect(await storedTokens(agent)).toHaveLength(before.length);
  });

  it('is audited when it is replaced, and neither token appears in the audit or the database', async () => {
    const agent = await app.enrolAgent();
    const anew = await agent.rotateToken();
    const [event] = await app.auditEvents('agent.token.rotated');
    expect(event).toMatchObject({
      actorType: 'AGENT',
      actorId: agent.id,
      targetType: 'Agent',
      targetId: agent.id,
      result: 'SUCCESS',
      metadata: { revokedTokens: 0 },
    });
    const stored = JSON.stringify([event, await storedTokens(agent)]);
    for (const { token } of [agent, anew]) expect(stored).not.toContain(token);
  });
});

describe('the request to replace a token', () => {
  it('is sent from the configured age on, until the agent has replaced it', async () => {
    const ageing = await startTestApp();
    ageing.clock.stop();
    const agent = await ageing.enrolAgent();
    ageing.clock.advance(90 * DAY_SECONDS - 1);
    expect(await isAskedToRotate(agent)).toBeUndefined();
    ageing.clock.advance(1);
    expect(await isAskedToRotate(agent)).toBe(true);
    const anew = await agent.rotateToken();
    expect(await isAskedToRotate(anew)).toBeUndefined();
  });

  it('is sent to an agent that continues with a replaced token', async () => {
    const agent = await app.enrolAgent();
    await agent.rotateToken();
    expect(await isAskedToRotate(agent)).toBe(true);
  });

  it('is never sent when the setting is 0', async () => {
    const ageless = await startTestApp({ config: { agentTokenMaxAgeDays: 0 } });
    const agent = await ageless.enrolAgent();
    ageless.clock.advance(3_650 * DAY_SECONDS);
    expect(await isAskedToRotate(agent)).toBeUndefined();
  });
});
