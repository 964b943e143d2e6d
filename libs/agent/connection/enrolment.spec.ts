import { chmodSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../../testing/index.js';
import type { StoredCredential } from '../base/types.js';
import { TestBench } from '../testing/test-bench.js';
import { REGISTRATION_TOKEN, accept, refuse } from '../testing/wire-server.js';
import { FileTokenStore, MemoryTokenStore } from './token-store.js';

describe('An agent that registers', () => {
  const folder = mkdtempSync(join(tmpdir(), 'opstage-enrolment-'));
  let bench: TestBench;
  let home: string;
  let path: string;

  beforeEach(async () => {
    bench = await TestBench.open();
    home = mkdtempSync(join(folder, 'agent-'));
    path = join(home, 'agent-token.json');
  });

  afterEach(() => bench.close());

  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  const keys = () =>
    bench.server.callsOf('register').map(({ body }) => (body as { readonly enrolmentKey: string }).enrolmentKey);
  const heartbeats = (count: number) =>
    eventually('heartbeats', () => bench.server.callsOf('heartbeat').length >= count);

  describe('sends a key that makes a lost answer harmless', () => {
    it('the same for every attempt, also after a restart', async () => {
      bench.server.answerAlways('register', () => refuse(500, 'INTERNAL_ERROR'));
      const first = await bench.start({ tokenStore: new FileTokenStore(path) });
      await eventually('two attempts', () => keys().length > 1);
      await first.agent.stop();
      bench.server.answerAlways('register', null);
      const { logs } = await bench.start({ tokenStore: new FileTokenStore(path) });
      await heartbeats(1);
      expect(new Set(keys()).size).toBe(1);
      expect(Buffer.from(keys()[0] ?? '', 'base64url').length).toBeGreaterThanOrEqual(16);
      expect(JSON.stringify(logs)).not.toContain(keys()[0]);
      expect(readFileSync(path, 'utf8')).not.toContain(keys()[0]);
      expect(readdirSync(home).filter((name) => name.includes('enrolment'))).toEqual([]);
    });

    it('and with a store of the service, the same during its process', async () => {
      bench.server.answerNext('register', refuse(500, 'INTERNAL_ERROR'), refuse(503, 'SERVICE_UNAVAILABLE'));
      await bench.start();
      await heartbeats(1);
      expect(keys()).toHaveLength(3);
      expect(new Set(keys()).size).toBe(1);
    });
  });

  describe('does not use its registration token when its own could not be stored', () => {
    const registrations = () => bench.server.callsOf('register').length;

    it('because a file is in the place of the folder, and registers when that is mended', async () => {
      writeFileSync(join(home, 'nested'), '');
      const { logged } = await bench.start({ tokenStore: new FileTokenStore(join(home, 'nested', 'token.json')) });
      await eventually('the reason', () => logged('could not be stored').length);
      expect(registrations()).toBe(0);
      rmSync(join(home, 'nested'));
      await heartbeats(1);
      expect(registrations()).toBe(1);
    });

    it('because the file holds the token of another agent, which stays', async () => {
      const stored = { agentId: 'agt_9', agentToken: 'other', agentCode: 'another', backendUrl: bench.server.url };
      writeFileSync(path, JSON.stringify(stored));
      const started = bench.start({ tokenStore: new FileTokenStore(path), strictMode: true });
      await expect(started).rejects.toMatchObject({
        code: 'TOKEN_NOT_STORABLE',
        message: expect.stringContaining('holds the token of agent another') as string,
      });
      expect(registrations()).toBe(0);
      expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(stored);
    });
  });

  it('works while its token cannot be stored, and keeps trying to', async () => {
    const tokenStore = new MemoryTokenStore();
    const save = tokenStore.save.bind(tokenStore);
    tokenStore.save = () => Promise.reject(new Error('The disk is full.'));
    const { logged } = await bench.start({ tokenStore });
    await heartbeats(3);
    expect(logged('could not be stored (The disk is full.)')).toHaveLength(1);
    tokenStore.save = save;
    await eventually('the token', () => tokenStore.load());
    await eventually('the line', () => logged('The agent token is stored now.').length);
  });

  it('finds a token file on a volume that is mounted later', async () => {
    const store = new FileTokenStore(join(home, 'volume', 'agent-token.json'));
    const { logged } = await bench.start({ tokenStore: store, registrationToken: '' });
    await eventually('the reason', () => logged('has no registration token').length);
    bench.server.agentTokens.add('opstage_agent_stored');
    const stored: StoredCredential = {
      agentId: 'agt_1',
      agentToken: 'opstage_agent_stored',
      agentCode: 'agent-1',
      backendUrl: bench.server.url,
    };
    writeFileSync(store.path, JSON.stringify(stored));
    await heartbeats(1);
  });

  it('tells the server who it is by the first heartbeat of each process, and not by the next', async () => {
    const tokenStore = new MemoryTokenStore();
    const facts = () =>
      bench.server.callsOf('heartbeat').map(({ body }) => (body as { readonly agent?: object }).agent ?? null);
    const first = await bench.start({ tokenStore, agent: { code: 'agent-1', name: 'One', version: '1.0.0' } });
    await heartbeats(3);
    await first.agent.stop();
    expect(facts().slice(0, 2)).toEqual([
      expect.objectContaining({ name: 'One', version: '1.0.0', runtime: 'nodejs' }),
      null,
    ]);
    const { length } = facts();
    bench.server.answerNext('heartbeat', refuse(503, 'SERVICE_UNAVAILABLE'));
    await bench.start({ tokenStore, agent: { code: 'agent-1', name: 'Two', version: '2.0.0', hostname: 'other' } });
    await heartbeats(length + 3);
    const introduced = expect.objectContaining({ name: 'Two', version: '2.0.0', hostname: 'other' }) as object;
    expect(facts().slice(length, length + 3)).toEqual([introduced, introduced, null]);
    expect(facts().find((sent) => sent !== null)).not.toHaveProperty('code');
  });

  it('says that it leaves when it stops', async () => {
    const { agent } = await bench.start();
    await heartbeats(1);
    await agent.stop();
    expect(bench.server.callsOf('heartbeat').at(-1)?.body).toEqual({ leaving: {} });
  });

  describe('takes from the environment what its options do not say', () => {
    const names = ['BACKEND_URL', 'REGISTRATION_TOKEN', 'AGENT_TOKEN_FILE', 'AGENT_CODE', 'AGENT_NAME'];

    afterEach(() => {
      for (const name of names) Reflect.deleteProperty(process.env, `OPSTAGE_${name}`);
    });

    const set = (name: string, value: string) => {
      process.env[`OPSTAGE_${name}`] = value;
    };

    it('all of it', async () => {
      set('BACKEND_URL', bench.server.url);
      set('REGISTRATION_TOKEN', REGISTRATION_TOKEN);
      set('AGENT_TOKEN_FILE', path);
      set('AGENT_CODE', 'from-outside');
      set('AGENT_NAME', 'From outside');
      const none = { backendUrl: undefined, registrationToken: undefined, tokenStore: undefined, agent: undefined };
      await bench.start(none);
      await heartbeats(1);
      expect(bench.server.callsOf('register')[0]?.body).toMatchObject({
        registrationToken: REGISTRATION_TOKEN,
        agent: { code: 'from-outside', name: 'From outside' },
      });
      expect(existsSync(path)).toBe(true);
    });

    it('and says what is missing', async () => {
      await expect(bench.start({ agent: undefined })).rejects.toThrow('agent.code (or OPSTAGE_AGENT_CODE)');
      await expect(bench.start({ backendUrl: undefined })).rejects.toThrow('backendUrl must be');
    });
  });

  it('logs what the server did not take, once', async () => {
    const warnings = [{ path: 'services.0.actions.1.inputSchema', message: 'cannot be used' }];
    bench.server.answerAlways('report', () => accept({ services: [], rejected: [], warnings }));
    bench.server.answerAlways('heartbeat', () => accept({ warnings }));
    const { logged } = await bench.start({ intervals: { heartbeatSeconds: 0.03, reportSeconds: 0.03 } });
    await eventually('reports', () => bench.server.callsOf('report').length > 2);
    expect(logged('The server did not take everything in the report: services.0.actions.1.inputSchema')).toHaveLength(
      1,
    );
    expect(logged('The server did not take everything in the heartbeat')).toHaveLength(1);
  });

  it('makes its calls with the function it is given', async () => {
    const paths: string[] = [];
    const call: typeof fetch = (input, init) => {
      if (input instanceof URL) paths.push(input.pathname);
      return fetch(input, init);
    };
    await bench.start({ fetch: call });
    await heartbeats(1);
    expect(paths[0]).toBe('/api/agents/register');
  });

  it('keeps its token file private when the folder is not', async () => {
    chmodSync(home, 0o755);
    await bench.start({ tokenStore: new FileTokenStore(path) });
    await heartbeats(1);
    expect(readdirSync(home).sort()).toEqual(['agent-token.commands.jsonl', 'agent-token.json', 'agent-token.lock']);
  });
});
