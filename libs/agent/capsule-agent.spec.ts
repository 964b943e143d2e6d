import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { inspect } from 'node:util';
import { eventually } from '../testing/index.js';
import { RegistrationError } from './base/errors.js';
import { FileTokenStore, MemoryTokenStore } from './connection/token-store.js';
import { TestBench, aCommand, anAgent } from './testing/test-bench.js';
import { REGISTRATION_TOKEN, refuse } from './testing/wire-server.js';

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

  const heartbeats = (count: number) =>
    eventually('heartbeats', () => bench.server.callsOf('heartbeat').length >= count);

  it('registers, describes itself, and keeps its token in a file only its owner can read', async () => {
    const path = join(folder, 'new', 'agent-token.json');
    await bench.start({
      tokenStore: new FileTokenStore(path),
      agent: { code: 'agent-1', name: 'Agent', version: '1.2.3' },
    });
    await heartbeats(2);
    expect(bench.server.callsOf('register')[0]?.body).toMatchObject({
      registrationToken: REGISTRATION_TOKEN,
      agent: { code: 'agent-1', name: 'Agent', version: '1.2.3', mode: 'embedded', runtime: 'nodejs' },
    });
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ agentId: 'agt_1', agentCode: 'agent-1' });
  });

  it('uses the stored token after a restart, without a registration token', async () => {
    const tokenStore = new MemoryTokenStore();
    const first = await bench.start({ tokenStore });
    await heartbeats(1);
    await first.agent.stop();
    await bench.start({ tokenStore, registrationToken: undefined });
    await heartbeats(bench.server.callsOf('heartbeat').length + 1);
    expect(bench.server.callsOf('register')).toHaveLength(1);
  });

  it('does not use a token stored for another agent', async () => {
    const stored = { agentId: 'agt_1', agentToken: 'other', agentCode: 'other', backendUrl: bench.server.url };
    const { logged } = await bench.start({ tokenStore: new MemoryTokenStore(stored) });
    await heartbeats(1);
    expect(bench.server.callsOf('register')).toHaveLength(1);
    expect(logged('belongs to another agent')).toHaveLength(1);
  });

  it('reports a token file it cannot read once, and registers', async () => {
    const path = join(folder, 'broken.json');
    writeFileSync(path, '{"agentToken": "opstage_agent_bro');
    bench.server.answerNext('register', refuse(500, 'INTERNAL_ERROR'), refuse(500, 'INTERNAL_ERROR'));
    const { logged } = await bench.start({ tokenStore: new FileTokenStore(path) });
    await heartbeats(1);
    expect(logged('The stored agent token cannot be loaded')).toHaveLength(1);
    expect(bench.server.callsOf('register')).toHaveLength(3);
  });

  it('keeps working when the token cannot be stored, and logs it', async () => {
    const tokenStore = new MemoryTokenStore();
    tokenStore.save = () => Promise.reject(new Error('The disk is full.'));
    const { logged } = await bench.start({ tokenStore });
    await heartbeats(2);
    expect(logged('could not be stored (The disk is full.)')).toHaveLength(1);
  });

  it('starts without a server, logs that once, and registers when the server comes up', async () => {
    await bench.server.stop();
    const { logged } = await bench.start();
    await eventually('the warning', () => logged('cannot be reached').length);
    await pause(100);
    expect(logged('cannot be reached')).toHaveLength(1);
    await bench.restartServer();
    await heartbeats(1);
    await eventually('the connection', () => logged('Connected to the server.').length);
  });

  it('reconnects after an outage of the server, and sends a full report', async () => {
    const { logged } = await bench.start();
    await eventually('the first report', () => bench.server.callsOf('report').length);
    await bench.server.stop();
    await eventually('the warning', () => logged('cannot be reached').length);
    await bench.restartServer();
    await eventually('a new full report', () => bench.server.callsOf('report').length);
    expect(bench.server.callsOf('register')).toHaveLength(0);
  });

  describe('when registration is refused', () => {
    it.each([
      ['a used token', refuse(409, 'REGISTRATION_TOKEN_USED'), 'Create a new registration token'],
      ['an unknown token', refuse(401, 'REGISTRATION_TOKEN_INVALID'), 'Create a new registration token'],
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
      await eventually('the warning', () => logged('cannot be reached').length);
      await bench.restartServer();
    });

    it('otherwise logs it once, and registers when the server allows it', async () => {
      bench.server.answerAlways('register', () => refuse(409, 'AGENT_CODE_TAKEN'));
      const { logged } = await bench.start();
      await eventually('several attempts', () => bench.server.callsOf('register').length >= 3);
      expect(logged('refused to register')).toHaveLength(1);
      expect(logged('refused to register')[0]?.level).toBe('error');
      bench.server.answerAlways('register', null);
      await heartbeats(1);
    });
  });

  describe('when the server rejects the agent', () => {
    it('registers again with its registration token when its own token is no longer accepted', async () => {
      const tokenStore = new MemoryTokenStore();
      await bench.start({ tokenStore });
      await eventually('the first report', () => bench.server.callsOf('report').length);
      bench.server.agentTokens.clear();
      bench.server.registrationTokens.add(REGISTRATION_TOKEN);
      await eventually('the new token', () => bench.server.agentTokens.size === 1);
      await eventually('a report under the new token', () => bench.server.callsOf('report').length > 1);
      expect(bench.server.agentTokens).toContain((await tokenStore.load())?.agentToken);
    });

    it('logs once what to do when it cannot register again', async () => {
      const { logged } = await bench.start();
      await heartbeats(1);
      bench.server.agentTokens.clear();
      const lines = () => logged('The server rejected this agent');
      await eventually('the error', () => lines().length);
      await heartbeats(bench.server.callsOf('heartbeat').length + 3);
      expect(lines()).toHaveLength(1);
      expect(lines()[0]).toMatchObject({
        level: 'error',
        message: expect.stringContaining('Create a new registration token') as string,
        fields: { error: 'AgentAuthError', code: 'UNAUTHORIZED', status: 401, cause: 'REGISTRATION_TOKEN_USED' },
      });
    });

    it('registers a revoked agent again when the registration token allows it', async () => {
      await bench.start();
      await heartbeats(1);
      bench.server.registrationTokens.add(REGISTRATION_TOKEN);
      bench.server.answerNext('heartbeat', refuse(403, 'AGENT_REVOKED'));
      await eventually('the second registration', () => bench.server.callsOf('register').length === 2);
    });

    it('waits while it is disabled, logs that once, does not register, and continues when it is enabled', async () => {
      const { logged } = await bench.start();
      await eventually('the first poll', () => bench.server.callsOf('poll').length);
      const calls = ['heartbeat', 'poll', 'report'] as const;
      for (const call of calls) bench.server.answerAlways(call, () => refuse(403, 'AGENT_DISABLED'));
      await eventually('the error', () => logged('AGENT_DISABLED').length);
      await heartbeats(bench.server.callsOf('heartbeat').length + 1);
      const polls = bench.server.callsOf('poll').length;
      await heartbeats(bench.server.callsOf('heartbeat').length + 3);
      expect(bench.server.callsOf('poll')).toHaveLength(polls);
      expect(logged('AGENT_DISABLED')).toHaveLength(1);
      expect(bench.server.callsOf('register')).toHaveLength(1);
      for (const call of calls) bench.server.answerAlways(call, null);
      await eventually('a poll', () => bench.server.callsOf('poll').length > polls);
      expect(logged('Connected to the server.')).toHaveLength(2);
    });
  });

  describe('never logs a token', () => {
    const echo = (token: string) => ({
      status: 400,
      body: { success: false, error: { code: 'REQUEST_ERROR', message: `Bad token ${token}.` } },
    });

    it('that the server echoes', async () => {
      bench.server.answerNext('register', echo(REGISTRATION_TOKEN), echo(REGISTRATION_TOKEN.slice(12)));
      bench.server.answerAlways('heartbeat', ({ token }) => echo(token ?? ''));
      const { agent, logs, logged } = await bench.start();
      await eventually('refusals', () => logged('The server refused the reported health').length > 1);
      await agent.stop();
      expect(logged('refused to register agent agent-1: Bad token')).toHaveLength(1);
      expect(JSON.stringify(logs)).not.toContain('canary');
      expect(inspect(agent, { depth: 20 })).not.toContain('canary');
    });

    it('that cannot be sent', async () => {
      const agentToken = 'canary\ncanary';
      const stored = { agentId: 'agt_1', agentToken, agentCode: 'agent-1', backendUrl: bench.server.url };
      const { logs, logged } = await bench.start({ tokenStore: new MemoryTokenStore(stored) });
      await eventually('the error', () => logged('cannot be reached').length);
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
      const line = await eventually('the line', () => logged('Using')[0]);
      expect(line).toEqual({
        level: 'info',
        message: 'Using opstage_reg_[REDACTED]',
        fields: { commandId: command.id, token: 'opstage_agent_[REDACTED]' },
      });
    });
  });

  it('refuses an invalid backend URL, or one with a password, without quoting it', () => {
    for (const url of ['opstage', 'ftp://opstage', 'http://me:secret@opstage'])
      expect(() => anAgent({ url })).toThrow('backendUrl must be an http or https URL');
  });

  it('tolerates repeated start and stop, but cannot be restarted', async () => {
    const { agent } = await bench.start();
    await agent.start();
    await heartbeats(1);
    await Promise.all([agent.stop(), agent.stop()]);
    await expect(agent.start()).rejects.toThrow('cannot be started again');
    await pause(50);
    const { length } = bench.server.calls;
    await pause(100);
    expect(bench.server.calls).toHaveLength(length);
  });
});
