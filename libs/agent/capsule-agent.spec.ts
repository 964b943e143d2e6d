import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { RegistrationError } from './base/errors.js';
import { eventually, pause } from './testing/eventually.js';
import { TestBench, aCommand, anAgent } from './testing/test-agent.js';
import { REGISTRATION_TOKEN, refuse } from './testing/wire-server.js';
import { FileTokenStore, MemoryTokenStore } from './connection/token-store.js';

describe('CapsuleAgent', () => {
  const folder = mkdtempSync(join(tmpdir(), 'opstage-agent-'));
  let bench: TestBench;

  beforeEach(async () => {
    bench = await TestBench.open();
  });

  afterEach(() => bench.close());

  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  const heard = (count: number) => eventually(() => bench.server.callsOf('heartbeat').length >= count, 'heartbeats');

  it('registers, tells what it is, and keeps its token in a file only its owner can read', async () => {
    const path = join(folder, 'new', 'agent-token.json');
    await bench.start({
      tokenStore: new FileTokenStore(path),
      agent: { code: 'agent-1', name: 'Agent', version: '1.2.3' },
    });
    await heard(2);
    expect(bench.server.callsOf('register')[0]?.body).toMatchObject({
      registrationToken: REGISTRATION_TOKEN,
      agent: { code: 'agent-1', name: 'Agent', version: '1.2.3', mode: 'embedded', runtime: 'nodejs' },
    });
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ agentId: 'agt_1', agentCode: 'agent-1' });
  });

  it('uses the stored token after a restart, and needs no registration token for it', async () => {
    const tokenStore = new MemoryTokenStore();
    const first = await bench.start({ tokenStore });
    await heard(1);
    await first.agent.stop();
    await bench.start({ tokenStore, registrationToken: undefined });
    await heard(bench.server.callsOf('heartbeat').length + 1);
    expect(bench.server.callsOf('register')).toHaveLength(1);
  });

  it('does not use a token stored for another agent', async () => {
    const stored = { agentId: 'agt_1', agentToken: 'other', agentCode: 'other', backendUrl: bench.server.url };
    const { logged } = await bench.start({ tokenStore: new MemoryTokenStore(stored) });
    await heard(1);
    expect(bench.server.callsOf('register')).toHaveLength(1);
    expect(logged('belongs to another agent')).toHaveLength(1);
  });

  it('reports a token file it cannot read once, and registers', async () => {
    const path = join(folder, 'broken.json');
    writeFileSync(path, '{"agentToken": "opstage_agent_bro');
    bench.server.answerNext('register', refuse(500, 'INTERNAL_ERROR'), refuse(500, 'INTERNAL_ERROR'));
    const { logged } = await bench.start({ tokenStore: new FileTokenStore(path) });
    await heard(1);
    expect(logged('The stored agent token cannot be used')).toHaveLength(1);
    expect(bench.server.callsOf('register')).toHaveLength(3);
  });

  it('works on when the token cannot be stored, and says so', async () => {
    const tokenStore = new MemoryTokenStore();
    tokenStore.save = () => Promise.reject(new Error('The disk is full.'));
    const { logged } = await bench.start({ tokenStore });
    await heard(2);
    expect(logged('could not be stored (The disk is full.)')).toHaveLength(1);
  });

  it('starts without a server, says once that it is away, and registers when it comes', async () => {
    await bench.server.stop();
    const { logged } = await bench.start();
    await eventually(() => logged('cannot be reached').length, 'the warning');
    await pause(100);
    expect(logged('cannot be reached')).toHaveLength(1);
    await bench.restartServer();
    await heard(1);
    await eventually(() => logged('Connected to the server.').length, 'the connection');
  });

  it('goes on when the server goes away and comes back, and reports anew', async () => {
    const { logged } = await bench.start();
    await eventually(() => bench.server.callsOf('report').length, 'the first report');
    await bench.server.stop();
    await eventually(() => logged('cannot be reached').length, 'the warning');
    await bench.restartServer();
    await eventually(() => bench.server.callsOf('report').length, 'a new full report');
    expect(bench.server.callsOf('register')).toHaveLength(0);
  });

  describe('when registration is refused', () => {
    it.each([
      ['a used token', refuse(409, 'REGISTRATION_TOKEN_USED'), 'Make a new registration token'],
      ['an unknown token', refuse(401, 'REGISTRATION_TOKEN_INVALID'), 'Make a new registration token'],
      ['a code that is taken', refuse(409, 'AGENT_CODE_TAKEN'), 'Stop the other agent'],
      ['a bad description', refuse(422, 'VALIDATION_FAILED'), 'refused to register agent agent-1'],
    ])('does not start in strict mode: %s', async (_, answer, advice) => {
      bench.server.answerNext('register', answer);
      const started = bench.start({ strictMode: true });
      await expect(started).rejects.toBeInstanceOf(RegistrationError);
      await expect(started).rejects.toMatchObject({ message: expect.stringContaining(advice) as string });
    });

    it('does not start in strict mode without any token', async () => {
      const started = bench.start({ strictMode: true, registrationToken: undefined });
      await expect(started).rejects.toMatchObject({ name: 'RegistrationError', code: 'REGISTRATION_TOKEN_MISSING' });
    });

    it('starts in strict mode while the server is away', async () => {
      await bench.server.stop();
      const { logged } = await bench.start({ strictMode: true });
      await eventually(() => logged('cannot be reached').length, 'the warning');
      await bench.restartServer();
    });

    it('logs it once otherwise, and registers when the obstacle is gone', async () => {
      bench.server.answerAlways('register', () => refuse(409, 'AGENT_CODE_TAKEN'));
      const { logged } = await bench.start();
      await eventually(() => bench.server.callsOf('register').length >= 3, 'several attempts');
      expect(logged('refused to register')).toHaveLength(1);
      expect(logged('refused to register')[0]?.level).toBe('error');
      bench.server.answerAlways('register', null);
      await heard(1);
    });
  });

  describe('when the server keeps the agent out', () => {
    it('registers again with its registration token when its own is no longer accepted', async () => {
      const tokenStore = new MemoryTokenStore();
      await bench.start({ tokenStore });
      await eventually(() => bench.server.callsOf('report').length, 'the first report');
      bench.server.agentTokens.clear();
      bench.server.registrationTokens.add(REGISTRATION_TOKEN);
      await eventually(() => bench.server.agentTokens.size === 1, 'the new token');
      await eventually(() => bench.server.callsOf('report').length > 1, 'a report under the new token');
      expect(bench.server.agentTokens).toContain((await tokenStore.load())?.agentToken);
    });

    it('says once how to help when it cannot register again', async () => {
      const { logged } = await bench.start();
      await heard(1);
      bench.server.agentTokens.clear();
      const lines = () => logged('The server keeps this agent out');
      await eventually(() => lines().length, 'the error');
      await heard(bench.server.callsOf('heartbeat').length + 3);
      expect(lines()).toHaveLength(1);
      expect(lines()[0]).toMatchObject({
        level: 'error',
        message: expect.stringContaining('Make a new registration token') as string,
        fields: { error: 'AgentAuthError', code: 'UNAUTHORIZED', status: 401, cause: 'REGISTRATION_TOKEN_USED' },
      });
    });

    it('registers a revoked agent again when the registration token allows it', async () => {
      await bench.start();
      await heard(1);
      bench.server.registrationTokens.add(REGISTRATION_TOKEN);
      bench.server.answerNext('heartbeat', refuse(403, 'AGENT_REVOKED'));
      await eventually(() => bench.server.callsOf('register').length === 2, 'the second registration');
    });

    it('waits while it is disabled, says so once, does not register, and goes on when it is enabled', async () => {
      const { logged } = await bench.start();
      await eventually(() => bench.server.callsOf('poll').length, 'the first poll');
      const calls = ['heartbeat', 'poll', 'report'] as const;
      for (const call of calls) bench.server.answerAlways(call, () => refuse(403, 'AGENT_DISABLED'));
      await eventually(() => logged('AGENT_DISABLED').length, 'the error');
      await heard(bench.server.callsOf('heartbeat').length + 1);
      const polls = bench.server.callsOf('poll').length;
      await heard(bench.server.callsOf('heartbeat').length + 3);
      expect(bench.server.callsOf('poll')).toHaveLength(polls);
      expect(logged('AGENT_DISABLED')).toHaveLength(1);
      expect(bench.server.callsOf('register')).toHaveLength(1);
      for (const call of calls) bench.server.answerAlways(call, null);
      await eventually(() => bench.server.callsOf('poll').length > polls, 'a poll');
      expect(logged('Connected to the server.')).toHaveLength(2);
    });
  });

  describe('never logs a token', () => {
    const echo = (token: string) => ({ status: 400, body: { error: { code: 'X', message: `Bad token ${token}.` } } });

    it('that the server repeats', async () => {
      bench.server.answerNext('register', echo(REGISTRATION_TOKEN), echo(REGISTRATION_TOKEN.slice(12)));
      bench.server.answerAlways('heartbeat', ({ token }) => echo(token ?? ''));
      const { agent, logs, logged } = await bench.start();
      await eventually(() => logged('The server refused the reported health').length > 1, 'refusals');
      await agent.stop();
      expect(logged('refused to register agent agent-1: Bad token')).toHaveLength(1);
      expect(JSON.stringify(logs)).not.toContain('canary');
      expect(inspect(agent, { depth: 20 })).not.toContain('canary');
    });

    it('that cannot be sent', async () => {
      const agentToken = 'canary\ncanary';
      const stored = { agentId: 'agt_1', agentToken, agentCode: 'agent-1', backendUrl: bench.server.url };
      const { logs, logged } = await bench.start({ tokenStore: new MemoryTokenStore(stored) });
      await eventually(() => logged('cannot be reached').length, 'the error');
      expect(JSON.stringify(logs)).not.toContain('canary');
    });

    it('that a handler logs', async () => {
      const command = aCommand();
      bench.server.commands.push(command);
      const { logged } = await bench.start({}, (agent) =>
        agent.action({ name: 'work', label: 'Work' }, ({ log }) => {
          log(`Using ${REGISTRATION_TOKEN}`, { token: 'opstage_agent_canary' });
          return undefined;
        }),
      );
      const line = await eventually(() => logged('Using')[0], 'the line');
      expect(line).toEqual({
        level: 'info',
        message: 'Using opstage_reg_[REDACTED]',
        fields: { commandId: command.id, token: 'opstage_agent_[REDACTED]' },
      });
    });
  });

  it('refuses a backend URL that is none, or has a password in it, without repeating it', () => {
    for (const url of ['opstage', 'ftp://opstage', 'http://me:secret@opstage'])
      expect(() => anAgent({ url })).toThrow('backendUrl must be an http or https URL');
  });

  it('can be started and stopped twice, but not again after that', async () => {
    const { agent } = await bench.start();
    await agent.start();
    await heard(1);
    await Promise.all([agent.stop(), agent.stop()]);
    await expect(agent.start()).rejects.toThrow('cannot be started again');
    await pause(50);
    const { length } = bench.server.calls;
    await pause(100);
    expect(bench.server.calls).toHaveLength(length);
  });
});
