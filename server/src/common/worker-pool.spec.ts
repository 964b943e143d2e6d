import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { WorkerPool, WorkerTimeout } from './worker-pool.js';

/** The tasks that the worker file below exports. */
interface TestTasks {
  readonly ready: () => void;
  readonly double: (value: number) => number;
  readonly exit: () => never;
  readonly fail: (message: string) => never;
  readonly spin: () => never;
  readonly fill: () => never;
  readonly niceness: () => number;
}

const WORKER = `
  import { readFileSync } from 'node:fs';
  export const ready = () => undefined;
  export const double = (value) => value * 2;
  export const exit = () => process.exit(3);
  export const fail = (message) => { throw new Error(message); };
  export const spin = () => { for (;;); };
  export const fill = () => { for (const kept = []; ; ) kept.push({ text: String(kept.length) }); };
  export const niceness = () => Number(readFileSync('/proc/thread-self/stat', 'utf8').split(') ').at(-1).split(' ')[16]);
`;

/** The 19th field of a thread's record (proc(5)): how much it lets others go first. */
const ownNiceness = (): number =>
  Number(readFileSync('/proc/thread-self/stat', 'utf8').split(') ').at(-1)?.split(' ')[16]);

describe('WorkerPool', () => {
  let folder: string;
  let pools: WorkerPool<TestTasks>[];

  const newPool = (
    options: ConstructorParameters<typeof WorkerPool>[1] = {},
    content = WORKER,
  ): WorkerPool<TestTasks> => {
    const file = join(folder, `tasks-${pools.length}.mjs`);
    writeFileSync(file, content);
    const pool = new WorkerPool<TestTasks>(pathToFileURL(file), options);
    pools.push(pool);
    return pool;
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'opstage-workers-'));
    pools = [];
  });
  afterEach(async () => {
    await Promise.all(pools.map((pool) => pool.close()));
    rmSync(folder, { recursive: true });
  });

  it('runs each task, in the order of the calls', async () => {
    const pool = newPool();
    const finished: number[] = [];
    await Promise.all([1, 2, 3].map(async (value) => finished.push(await pool.run('double', value))));
    expect(finished).toEqual([2, 4, 6]);
  });

  it('rejects with the error that a task throws', async () => {
    const pool = newPool();
    await expect(pool.run('fail', 'no such thing')).rejects.toMatchObject({ message: 'no such thing' });
    expect(await pool.run('double', 2)).toBe(4);
  });

  it('fails the task whose thread ends, and starts a new thread for the next', async () => {
    const pool = newPool();
    await expect(pool.run('exit', undefined)).rejects.toThrow('exited');
    expect(await pool.run('double', 2)).toBe(4);
  });

  it('fails a task whose thread cannot start', async () => {
    await expect(newPool({}, 'throw new Error("broken file");').run('double', 2)).rejects.toThrow('broken file');
  });

  it('ends a busy task at its time limit and runs the next', async () => {
    const pool = newPool({ timeLimitMs: 100 });
    const spinning = pool.run('spin', undefined);
    const next = pool.run('double', 2);
    await expect(spinning).rejects.toThrow(WorkerTimeout);
    expect(await next).toBe(4);
  });

  it('does not count the start of the thread against a task', async () => {
    const slowStart = `${WORKER} Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);`;
    expect(await newPool({ timeLimitMs: 250 }, slowStart).run('double', 2)).toBe(4);
  });

  it('ends a task at its memory limit, and runs the next', async () => {
    const pool = newPool({ resourceLimits: { maxOldGenerationSizeMb: 16 } });
    await expect(pool.run('fill', undefined)).rejects.toMatchObject({ code: 'ERR_WORKER_OUT_OF_MEMORY' });
    expect(await pool.run('double', 2)).toBe(4);
  });

  it('fails running, waiting and later tasks when it is closed', async () => {
    const pool = newPool();
    await pool.run('double', 2);
    const outcomes = Promise.allSettled([pool.run('spin', undefined), pool.run('double', 2)]);
    await setImmediate();
    await pool.close();
    expect((await outcomes).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await expect(pool.run('double', 2)).rejects.toThrow('closed');
  });

  it('starts threads in a process with V8 options that threads do not accept', async () => {
    const inherited = process.execArgv;
    process.execArgv = [...inherited, '--max-old-space-size=400'];
    try {
      expect(await newPool().run('double', 2)).toBe(4);
    } finally {
      process.execArgv = inherited;
    }
  });

  // Otherwise a long task would take half of a single core from everyone else.
  it('gives the serving thread priority', async () => {
    const before = ownNiceness();
    expect(await newPool().run('niceness', undefined)).toBeGreaterThan(before);
    expect(ownNiceness()).toBe(before);
  });

  it('lets the process end while it is idle', async () => {
    const keepAlive = (): readonly string[] =>
      process.getActiveResourcesInfo().filter((resource) => /Worker|MessagePort/.test(resource));
    const before = keepAlive();
    const pool = newPool();
    await pool.run('double', 2);
    expect(keepAlive()).toEqual(before);
  });
});
