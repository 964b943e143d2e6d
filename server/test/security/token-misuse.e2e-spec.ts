import { request } from 'node:http';
import type { AgentDetail, AgentSummary, AuditEvent } from '#contracts';
import { aReportedService, eventually, TestAgent, TestOperator } from '#testing';
import { Database } from '../../src/database/database.js';
import { GovernedService } from '../support/governed-service.js';
import { parked } from '../support/hang-up.js';
import { startTestApp, type TestApp } from '../support/start-test-app.js';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});

const detailOf = async ({ id }: TestAgent): Promise<AgentDetail> =>
  (await app.signIn('viewer')).get(`/api/admin/agents/${id}`).expectOk<AgentDetail>();

const revoke = async ({ id }: TestAgent): Promise<void> => {
  await (await app.signIn('operator')).post(`/api/admin/agents/${id}/revoke`).expectOk();
};

const denials = async (reason: string): Promise<readonly AuditEvent[]> =>
  (await app.auditEvents('access.denied')).filter(({ metadata }) => metadata.reason === reason);

describe('a token that its agent has replaced', () => {
  it('names its agent in the audit and marks it, until the agent registers again', async () => {
    const agent = await app.enrolAgent();
    const successor = await agent.rotateToken();
    await successor.heartbeat().expectOk();
    app.clock.advance(11);
    for (let again = 0; again < 3; again += 1) await agent.heartbeat().expectError(401, 'UNAUTHORIZED');
    const [event, ...more] = await app.auditEventsAbout(agent.id, 'agent_token.reused');
    expect(more).toEqual([]);
    expect(event).toMatchObject({
      actorType: 'AGENT',
      actorId: null,
      result: 'FAILURE',
      metadata: { code: agent.code },
    });
    const { tokenReusedAt } = await detailOf(agent);
    expect(tokenReusedAt).not.toBeNull();
    const viewer = await app.signIn('viewer');
    const { data } = await viewer.get(`/api/admin/agents?q=${agent.code}`).expectPage<AgentSummary>();
    expect(data[0]?.tokenReusedAt).toBe(tokenReusedAt);

    const operator = await app.signIn('operator');
    const { token: registrationToken } = await operator.createToken({ agentCode: agent.code });
    await TestAgent.register(app.api, { registrationToken, agent: { code: agent.code } });
    expect((await detailOf(agent)).tokenReusedAt).toBeNull();
    // A copy of the container still shows the token from before.
    app.clock.advance(61);
    await successor.heartbeat().expectError(401, 'UNAUTHORIZED');
    expect((await detailOf(agent)).tokenReusedAt).not.toBeNull();
  });

  it('is no sign of theft in the moments in which requests are still on their way', async () => {
    const agent = await app.enrolAgent();
    await (await agent.rotateToken()).heartbeat().expectOk();
    await agent.heartbeat().expectError(401, 'UNAUTHORIZED');
    expect((await detailOf(agent)).tokenReusedAt).toBeNull();
  });

  it('is remembered for 90 days', async () => {
    const alone = await startTestApp({ config: { sessionTtlSeconds: 200 * 86_400 } });
    const agent = await alone.enrolAgent();
    const successor = await agent.rotateToken();
    await successor.heartbeat().expectOk();
    alone.clock.advance(89 * 86_400);
    await alone.runMaintenance();
    await agent.heartbeat().expectError(401, 'UNAUTHORIZED');
    expect(await alone.auditEvents('agent_token.reused')).toHaveLength(1);
    alone.clock.advance(2 * 86_400);
    await alone.runMaintenance();
    await agent.heartbeat().expectError(401, 'UNAUTHORIZED');
    expect(await alone.auditEvents('agent_token.reused')).toHaveLength(1);
    await successor.heartbeat().expectOk();
  });

  it('and one that nobody knows names no agent', async () => {
    const before = await app.auditEvents('agent_token.reused');
    const headers = { authorization: 'Bearer opstage_agent_guessed' };
    await app.api.post('/api/agents/agt_1/heartbeat', {}, { headers }).expectError(401, 'UNAUTHORIZED');
    expect(await app.auditEvents('agent_token.reused')).toEqual(before);
  });
});

describe('two processes that poll with one token', () => {
  it('are noticed when they displace each other many times a minute', async () => {
    const agent = await app.enrolAgent();
    const polls = [agent.park()];
    await parked(app, 1);
    for (let turn = 0; turn < 3; turn += 1) {
      const displaced = polls.at(-1)!;
      polls.push(agent.park());
      await displaced;
    }
    expect((await detailOf(agent)).pollsDisplacedAt).toBeNull();
    for (let turn = 0; turn < 8; turn += 1) {
      const displaced = polls.at(-1)!;
      polls.push(agent.park());
      await displaced;
    }
    await eventually('it is marked', async () => (await detailOf(agent)).pollsDisplacedAt !== null);
    expect(await app.auditEventsAbout(agent.id, 'agent.polls.displaced')).toHaveLength(1);
    await revoke(agent);
    await polls.at(-1);
  });
});

/** Sends the beginning of a body; the rest, and the status of the answer, follow with `finish`. */
const begin = async (agent: TestAgent, path: string, body: object) => {
  const text = JSON.stringify(body);
  const sent = request(`${app.api.baseUrl}/api/agents/${agent.id}${path}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${agent.token}`,
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(text),
    },
  });
  const status = new Promise<number>((resolve, reject) => {
    sent.on('response', (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    sent.on('error', reject);
  });
  const received = new Promise((resolve) => app.nest.getHttpServer().once('request', resolve));
  sent.write(text.slice(0, 5));
  await received;
  // The guard looks at the caller before it waits for the body.
  await agent.heartbeat().expectOk();
  return {
    finish: (): Promise<number> => {
      sent.end(text.slice(5));
      return status;
    },
  };
};

describe('an agent that is revoked while it sends a body', () => {
  it('does not end its command', async () => {
    const governed = await GovernedService.of(app);
    const command = await governed.running();
    const { finish } = await begin(governed.agent, `/commands/${command.id}/result`, { success: true, data: { a: 1 } });
    await revoke(governed.agent);
    expect(await finish()).toBe(403);
    expect(await governed.command(command.id)).toMatchObject({ status: 'RUNNING' });
    expect(await governed.commandEvents(command.id, 'command.completed')).toEqual([]);
  });

  it.each([
    ['/heartbeat', { health: { status: 'DOWN' } }],
    ['/services/report', { services: [aReportedService()] }],
    ['/token', {}],
  ])('changes nothing by %s', async (path, body) => {
    const agent = await app.enrolAgent();
    const { finish } = await begin(agent, path, { ...body, padding: 'x'.repeat(100) });
    await revoke(agent);
    expect(await finish()).toBe(403);
    expect(await detailOf(agent)).toMatchObject({ status: 'REVOKED', services: [] });
    expect(await app.auditEventsAbout(agent.id, 'agent.token.rotated')).toEqual([]);
  });

  it('and reports no progress', async () => {
    const governed = await GovernedService.of(app);
    const command = await governed.running();
    const { finish } = await begin(governed.agent, `/commands/${command.id}/progress`, { message: 'half way' });
    await revoke(governed.agent);
    expect(await finish()).toBe(403);
    expect(JSON.stringify(await governed.command(command.id))).not.toContain('half way');
  });
});

describe('a refusal', () => {
  it('is audited for a known agent on the path of another, and for one that keeps calling', async () => {
    const [agent, other, gone] = [await app.enrolAgent(), await app.enrolAgent(), await app.enrolAgent()];
    await agent.api
      .post(`/api/agents/${other.id}/heartbeat`, {}, { headers: { authorization: `Bearer ${agent.token}` } })
      .expectError(403, 'AGENT_ID_MISMATCH');
    const operator = await app.signIn('operator');
    await operator.post(`/api/admin/agents/${other.id}/disable`).expectOk();
    await other.heartbeat().expectError(403, 'AGENT_DISABLED');
    await revoke(gone);
    for (let again = 0; again < 3; again += 1) await gone.heartbeat().expectError(403, 'AGENT_REVOKED');
    const about = async (reason: string, { id }: TestAgent) =>
      (await denials(reason)).filter(({ actorId }) => actorId === id);
    expect(await about('agentId', agent)).toHaveLength(1);
    expect(await about('disabled', other)).toHaveLength(1);
    expect(await about('revoked', gone)).toHaveLength(1);
  });

  it('is audited for a user who has to register a passkey first', async () => {
    const alone = await startTestApp();
    const viewer = await alone.signIn('viewer');
    const owner = await alone.signIn('owner');
    await owner.patch('/api/admin/settings/sign-in', { passkeyRequiredRoles: ['viewer'] }).expectOk();
    await viewer.get('/api/admin/agents').expectError(403, 'PASSKEY_ENROLMENT_REQUIRED');
    const [event] = await alone.auditEvents('access.denied');
    expect(event).toMatchObject({ actorId: viewer.session.user.id, metadata: { reason: 'passkey' } });
  });

  it('is audited for a sign-in turned away by a full queue', async () => {
    const alone = await startTestApp();
    await alone.signIn('owner');
    // While nothing can be written, no attempt ends, however slowly they come in.
    const { promise: written, resolve: write } = Promise.withResolvers<undefined>();
    const holding = alone.nest.get(Database).transaction(() => written);
    let arrived = 0;
    alone.nest.getHttpServer().on('request', () => (arrived += 1));
    const answering = Promise.all(
      Array.from({ length: 60 }, (_, index) =>
        alone.api.post('/api/admin/auth/login', { username: `nobody-${index}`, password: 'a guess' }),
      ),
    );
    await eventually('all attempts are there', () => arrived === 60);
    write(undefined);
    await holding;
    const answers = await answering;
    expect(answers.some(({ status }) => status === 429)).toBe(true);
    const reasons = (await alone.auditEvents('session.login.failed')).map(({ metadata }) => metadata.reason);
    expect(reasons).toContain('busy');
  });

  it('keeps what was typed as a user name only if there is such a user', async () => {
    const alone = await startTestApp();
    const { username } = (await alone.signIn('viewer')).session.user;
    for (const typed of ['my secret password', username]) {
      await alone.api
        .post('/api/admin/auth/login', { username: typed, password: 'wrong' })
        .expectError(401, 'UNAUTHORIZED');
    }
    const events = await alone.auditEvents('session.login.failed');
    expect(events.map(({ metadata }) => metadata.username)).toEqual([username, undefined]);
    expect(JSON.stringify(events)).not.toContain('my secret password');
  });
});

describe('an agent that was declared offline', () => {
  it('writes an event each time it comes back', async () => {
    const alone = await startTestApp();
    const agent = await alone.enrolAgent();
    const operator = await TestOperator.signIn(alone.api, 'owner', 'correct horse battery');
    for (let time = 1; time <= 3; time += 1) {
      alone.clock.advance(100);
      await operator.post('/api/admin/maintenance/run').expectOk();
      for (let beat = 0; beat < 2; beat += 1) await agent.heartbeat().expectOk();
      expect(await alone.auditEventsAbout(agent.id, 'system.agent.offline')).toHaveLength(time);
      expect(await alone.auditEventsAbout(agent.id, 'agent.returned')).toHaveLength(time);
    }
  });
});
