import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from '../../testing/index.js';
import { TestBench } from '../testing/test-bench.js';
import { thisProcess } from './lock-holder.js';
import { ProcessLock } from './process-lock.js';
import { FileTokenStore } from './token-store.js';

describe('The lock of an agent', () => {
  const folder = mkdtempSync(join(tmpdir(), 'opstage-lock-'));
  let path: string;

  beforeEach(() => {
    path = join(mkdtempSync(join(folder, 'agent-')), 'data', 'agent.lock');
  });

  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  const aLock = () => new ProcessLock(path, 'agent-1', () => undefined);
  const leave = (holder: object | string) => {
    new FileTokenStore(path);
    const { pid: child } = spawnSync(process.execPath, ['--version']);
    const left =
      typeof holder === 'string'
        ? holder
        : JSON.stringify({ ...thisProcess('left', 'agent-1'), pid: child, ...holder });
    writeFileSync(path, left);
  };

  it('has one holder, until that lets it go', async () => {
    const [first, second] = [aLock(), aLock()];
    expect(await first.take()).toEqual({ kind: 'taken' });
    expect(await second.take()).toEqual({
      kind: 'held',
      by: expect.stringContaining(`process ${process.pid}`) as string,
    });
    await second.release();
    expect(existsSync(path)).toBe(true);
    await first.release();
    expect(existsSync(path)).toBe(false);
    expect(await second.take()).toEqual({ kind: 'taken' });
    await second.release();
  });

  it('has one holder, however many want what a crash left behind', async () => {
    await aLock()
      .take()
      .then(() => {
        rmSync(path);
      });
    for (let round = 0; round < 20; round += 1) {
      leave({});
      const locks = Array.from({ length: 8 }, aLock);
      const attempts = await Promise.all(locks.map((lock) => lock.take()));
      expect(attempts.filter(({ kind }) => kind === 'taken').length).toBeLessThan(2);
      await Promise.all(locks.map((lock) => lock.release()));
      expect(readdirSync(join(path, '..'))).toEqual([]);
    }
  });

  describe('that is left over', () => {
    beforeEach(async () => {
      await aLock()
        .take()
        .then(() => {
          rmSync(path);
        });
    });

    it.each<[string, object]>([
      ['by a process that has ended', {}],
      ['by an earlier process with the id of this one', { pid: process.pid }],
      ['by an earlier process with the id of a running one', { pid: process.ppid, processStart: '1' }],
    ])('%s is taken over', async (_, holder) => {
      leave(holder);
      const lock = aLock();
      expect(await lock.take()).toEqual({ kind: 'taken' });
      await lock.release();
    });

    it.each<[string, object | string]>([
      ['of another machine', { host: 'elsewhere' }],
      ['of another container', { pidNamespace: 'pid:[1]' }],
      ['of a running process', { pid: process.ppid, processStart: '' }],
      ['that is just being written', ''],
    ])('is not taken while it may be: %s', async (_, holder) => {
      leave(holder);
      expect(await aLock().take()).toMatchObject({ kind: 'held' });
    });
  });

  it('is not needed where there can be none', async () => {
    writeFileSync(join(path, '..', '..', 'data'), '');
    expect(await aLock().take()).toMatchObject({ kind: 'impossible' });
  });

  describe('of two agents with one token file', () => {
    let bench: TestBench;

    beforeEach(async () => {
      bench = await TestBench.open();
    });

    afterEach(() => bench.close());

    it('keeps the second from every call, says who has it, and lets it work when the first has stopped', async () => {
      const tokenStore = new FileTokenStore(path.replace('.lock', '.json'));
      const first = await bench.start({ tokenStore });
      await eventually('heartbeats', () => bench.server.callsOf('heartbeat').length > 0);
      const seen = new Set<string>();
      const spy: typeof fetch = (input, init) => {
        if (input instanceof URL) seen.add(input.href);
        return fetch(input, init);
      };
      const second = await bench.start({ tokenStore, fetch: spy });
      expect(second.logged(`in use by process ${process.pid}`)).toMatchObject([{ level: 'error' }]);
      await pause(100);
      expect([...seen]).toEqual([]);
      await first.agent.stop();
      await eventually('the second', () => [...seen].some((url) => url.includes('/commands?')));
      expect(bench.server.callsOf('register')).toHaveLength(1);
    });

    it('lets a waiting agent stop', async () => {
      const tokenStore = new FileTokenStore(path.replace('.lock', '.json'));
      await bench.start({ tokenStore });
      const { agent } = await bench.start({ tokenStore });
      await agent.stop();
      expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ pid: process.pid });
    });
  });
});
