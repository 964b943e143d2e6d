import { eventually } from '../../testing/index.js';
import type { StoredCredential } from '../base/types.js';
import { TestBench } from '../testing/test-bench.js';
import { accept, refuse } from '../testing/wire-server.js';
import { MemoryTokenStore } from './token-store.js';

const FIRST = 'opstage_agent_canary-agent-token-1';
const SECOND = 'opstage_agent_canary-rotated-token-1';

describe('An agent asked to rotate its token', () => {
  let bench: TestBench;
  let tokenStore: MemoryTokenStore;

  beforeEach(async () => {
    bench = await TestBench.open();
    tokenStore = new MemoryTokenStore();
  });

  afterEach(() => bench.close());

  /** Requests a rotation once the agent has registered. */
  const askToRotate = async () => {
    await eventually('a heartbeat', () => bench.server.callsOf('heartbeat').length > 0);
    bench.server.asksToRotate = true;
  };
  const heartbeatsWith = (token: string) => bench.server.callsOf('heartbeat').filter((call) => call.token === token);
  const usesNow = (token: string) => {
    const before = heartbeatsWith(token).length;
    return eventually(`a heartbeat with ${token}`, () => heartbeatsWith(token).length > before);
  };
  const stored = async () => (await tokenStore.load())?.agentToken;

  it('replaces its token, and stores the new one before it uses it', async () => {
    const savedBeforeUse: string[] = [];
    const save = tokenStore.save.bind(tokenStore);
    tokenStore.save = (credential: StoredCredential) => {
      const isUsed = bench.server.calls.some(({ token }) => token === credential.agentToken);
      if (!isUsed) savedBeforeUse.push(credential.agentToken);
      return save(credential);
    };
    const { logs } = await bench.start({ tokenStore });
    await askToRotate();
    await usesNow(SECOND);
    expect(savedBeforeUse).toEqual([FIRST, SECOND]);
    expect(bench.server.callsOf('token').map(({ token }) => token)).toEqual([FIRST]);
    expect(await stored()).toBe(SECOND);
    expect(JSON.stringify(logs)).not.toContain('canary');
  });

  it('silently repeats a call with the new token when the old one expires during the call', async () => {
    let endPoll: () => void = () => undefined;
    const ended = new Promise<void>((resolve) => {
      endPoll = resolve;
    });
    bench.server.longPollSeconds = 20;
    bench.server.answerAlways('poll', async ({ token, closed }) => {
      if (token === FIRST) await ended;
      else
        await new Promise((resolve) => {
          closed.addEventListener('abort', resolve);
        });
      return token === FIRST ? refuse(401, 'UNAUTHORIZED') : accept([]);
    });
    const { logs } = await bench.start({ tokenStore });
    await eventually('a held poll', () => bench.server.callsOf('poll').length > 0);
    await askToRotate();
    await usesNow(SECOND);
    bench.server.agentTokens.delete(FIRST);
    endPoll();
    await eventually('a poll', () => bench.server.callsOf('poll').some(({ token }) => token === SECOND));
    expect(logs.filter(({ level }) => level !== 'info')).toEqual([]);
    expect(logs.filter(({ message }) => message.includes('Connected'))).toHaveLength(1);
  });

  it('keeps its token when the store is not writable, requests none, and logs that once', async () => {
    const { logged } = await bench.start({ tokenStore });
    await eventually('a heartbeat', () => bench.server.callsOf('heartbeat').length > 0);
    tokenStore.save = () => Promise.reject(new Error('The file system is read-only.'));
    await askToRotate();
    for (let i = 0; i < 3; i += 1) await usesNow(FIRST);
    expect(bench.server.callsOf('token')).toEqual([]);
    expect(logged('Replacing the agent token failed: The file system is read-only.')).toHaveLength(1);
  });

  it('uses a new token that it then cannot store, because the old one is about to expire', async () => {
    const save = tokenStore.save.bind(tokenStore);
    tokenStore.save = (credential: StoredCredential) =>
      credential.agentToken === SECOND ? Promise.reject(new Error('The disk is full.')) : save(credential);
    const { logged } = await bench.start({ tokenStore });
    await askToRotate();
    await usesNow(SECOND);
    expect(logged('could not be stored (The disk is full.)')).toHaveLength(1);
    expect(await stored()).toBe(FIRST);
  });

  it('keeps its token when it gets no new one, and tries again', async () => {
    bench.server.answerNext('token', refuse(503, 'SERVICE_UNAVAILABLE'), accept({}), accept({ agentToken: '' }));
    const { logged } = await bench.start({ tokenStore });
    await askToRotate();
    await usesNow(SECOND.replace('token-1', 'token-4'));
    expect(bench.server.callsOf('token')).toHaveLength(4);
    expect(bench.server.callsOf('register')).toHaveLength(1);
    expect(logged('Replacing the agent token failed')).toHaveLength(1);
  });
});
