import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseKind, MaintenanceSettings } from '#contracts';
import { FakeClock } from '../../../test/support/fake-clock.js';
import '../../../test/support/quiet.js';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.js';
import { DomainError } from '../../common/errors.js';
import type { BatchResult } from '../../common/maintenance-job.js';
import { Telemetry } from '../../common/telemetry.js';
import type { Database } from '../../database/database.js';
import { openDatabase } from '../../database/open-database.js';
import { entities } from '../../entities.js';
import type { Job } from './job-registry.js';
import { JobRunner, JobTimeout, runBatches } from './job-runner.js';
import { JobRunsStore } from './job-runs.store.js';

const CONTEXT = { settings: {} as MaintenanceSettings, stop: new AbortController().signal };
const HOLDER = 'the holder of the lease';

const aJob = (run: Job['run'], overrides: Partial<Job> = {}): Job => ({
  id: 'dusting',
  phase: 'expire',
  description: 'Dusts.',
  timeLimitSeconds: 60,
  nextDueAt: null,
  run,
  ...overrides,
});

/** A batch that finishes when the test says so. */
const aSlowBatch = () => {
  const { promise, resolve } = Promise.withResolvers<number>();
  let calls = 0;
  const job = aJob(() => {
    calls += 1;
    return promise;
  });
  return {
    job,
    calls: () => calls,
    comeBack: () => {
      resolve(0);
    },
  };
};

describe.each<DatabaseKind>(['sqlite', 'postgres'])('a job on %s', (kind) => {
  let folder: string;
  let store: TestDatabase;
  let db: Database;
  let runs: JobRunsStore;
  let runner: JobRunner;
  const clock = new FakeClock();
  clock.stop();

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'opstage-jobs-'));
    store = await createTestDatabase(kind, folder);
    db = await openDatabase({ database: store.config, backupDir: join(folder, 'backups') }, entities);
    runs = new JobRunsStore(db);
    runner = new JobRunner(runs, new Telemetry(), clock);
  });

  afterEach(async () => {
    jest.useRealTimers();
    await db.close();
    await store.drop();
    rmSync(folder, { recursive: true });
  });

  it('is recorded while it runs, and then with its outcome', async () => {
    let found = 12;
    let during: unknown = null;
    const job = aJob(async () => {
      during ??= await runs.all();
      return found && (found -= 6) + 6;
    });
    await runner.run(job, HOLDER, CONTEXT);
    const run = { jobId: 'dusting', startedAt: clock.now() };
    const nothingYet = { result: null, message: null, durationMs: null, doneCount: null };
    expect(during).toEqual([{ ...run, runningFor: HOLDER, ...nothingYet }]);
    const outcome = { result: 'SUCCEEDED', message: null, durationMs: expect.any(Number) as number, doneCount: 18 };
    expect(await runs.all()).toEqual([{ ...run, runningFor: null, ...outcome }]);
  });

  it.each<[string, Error, string]>([
    ['a plain sentence', new Error('The copy is not sound.'), 'The copy is not sound.'],
    ['a refusal', new DomainError('MAINTENANCE_RUNNING', 'Try again.'), 'Try again.'],
    [
      'the system’s words, which name paths',
      Object.assign(new Error('ENOSPC: /data/backups'), { code: 'ENOSPC' }),
      'It failed with ENOSPC; see the server log for details.',
    ],
    ['a fault in the program', new TypeError('x is undefined'), 'It failed; see the server log for details.'],
  ])('that fails says why for everybody to read: %s', async (_, error, message) => {
    const outcome = await runner.run(
      aJob(() => Promise.reject(error)),
      HOLDER,
      CONTEXT,
    );
    expect(outcome).toEqual({ result: 'FAILED', totals: { count: 0 }, message, error });
    expect(await runs.all()).toMatchObject([{ result: 'FAILED', message, runningFor: null }]);
  });

  it('does not reveal a statement that the database refused', async () => {
    await runner.run(
      aJob(() => db.query('SELECT secret FROM nowhere', {}).then(() => 0)),
      HOLDER,
      CONTEXT,
    );
    const [run] = await runs.all();
    expect(run).toMatchObject({ result: 'FAILED', message: expect.stringMatching(/^It failed with \w+;/) as string });
    expect(run?.message).not.toContain('nowhere');
  });

  it('that hangs fails at its time limit, and is not started a second time', async () => {
    jest.useFakeTimers({
      doNotFake: ['Date', 'hrtime', 'nextTick', 'performance', 'queueMicrotask', 'setImmediate', 'setInterval'],
    });
    const { job, calls, comeBack } = aSlowBatch();
    const running = runner.run(job, HOLDER, CONTEXT);
    while (calls() === 0) await new Promise((resolve) => setImmediate(resolve));
    jest.advanceTimersByTime(60_000);
    expect(await running).toMatchObject({ result: 'FAILED', message: 'It did not finish within 60 seconds.' });
    expect(await runner.run(job, HOLDER, CONTEXT)).toMatchObject({ message: 'An earlier run has not finished yet.' });
    expect(calls()).toBe(1);
    comeBack();
    expect(await runner.run(job, HOLDER, CONTEXT)).toMatchObject({ result: 'SUCCEEDED' });
    expect(calls()).toBe(2);
  });

  it('that had nothing to do leaves the record of its last run alone', async () => {
    const fails = aJob(() => Promise.reject(new Error('The disk is full.')));
    await runner.run(fails, HOLDER, CONTEXT);
    const recorded = await runs.all();
    clock.advance(60);
    const idle = aJob(() => Promise.resolve(null));
    expect(await runner.run(idle, HOLDER, CONTEXT)).toBeNull();
    expect(await runs.all()).toEqual(recorded);
    expect(await runner.run({ ...idle, id: 'polishing' }, HOLDER, CONTEXT)).toBeNull();
    expect(await runs.all()).toEqual(recorded);
  });

  it('adds up the figures of its batches', async () => {
    const batches: BatchResult[] = [{ count: 2, services: 5 }, { count: 1, services: 1 }, { count: 0 }];
    const job = aJob(() => Promise.resolve(batches.shift() ?? null));
    expect(await runner.run(job, HOLDER, CONTEXT)).toMatchObject({ totals: { count: 3, services: 6 } });
  });

  it('does not overwrite what a later holder recorded', async () => {
    await runner.run(
      aJob(async () => {
        await runs.begin('dusting', 'its heir', clock.now());
        return 0;
      }),
      HOLDER,
      CONTEXT,
    );
    expect(await runs.all()).toMatchObject([{ runningFor: 'its heir', result: null }]);
  });
});

const MINUTE = 60;

/** A job that finds this much on each call, and then nothing. */
const aJobThatFinds = (...batches: readonly number[]) => {
  let calls = 0;
  const run = (): Promise<number> => {
    calls += 1;
    return Promise.resolve(batches[calls - 1] ?? 0);
  };
  return { run, calls: () => calls };
};

describe('runBatches', () => {
  afterEach(() => jest.useRealTimers());

  it('calls a job until it finds nothing, and adds up the results', async () => {
    const job = aJobThatFinds(200, 200, 7);
    expect(await runBatches(job.run, MINUTE)).toEqual({ totals: { count: 407 }, isTruncated: false });
    expect(job.calls()).toBe(4);
  });

  it('calls a job that finds nothing only once', async () => {
    const job = aJobThatFinds();
    expect(await runBatches(job.run, MINUTE)).toEqual({ totals: { count: 0 }, isTruncated: false });
    expect(job.calls()).toBe(1);
  });

  it('leaves the rest to the next run when a job never ends', async () => {
    let calls = 0;
    const run = (): Promise<number> => Promise.resolve((calls += 1) && 1);
    expect(await runBatches(run, MINUTE)).toEqual({ totals: { count: 1_000 }, isTruncated: true });
    expect(calls).toBe(1_000);
  });

  it('starts no batch once the time is up, and leaves the rest to the next run', async () => {
    jest.useFakeTimers();
    const run = (): Promise<number> => {
      jest.advanceTimersByTime(30_000);
      return Promise.resolve(10);
    };
    expect(await runBatches(run, MINUTE)).toEqual({ totals: { count: 20 }, isTruncated: true });
  });

  it('gives up on a batch that has not finished when the time is up', async () => {
    jest.useFakeTimers();
    const running = runBatches(() => new Promise<number>(() => undefined), MINUTE);
    const outcome = expect(running).rejects.toThrow(JobTimeout);
    await jest.advanceTimersByTimeAsync(59_999);
    expect(jest.getTimerCount()).toBe(1);
    await jest.advanceTimersByTimeAsync(1);
    await outcome;
  });

  it('rejects with the error of the job', async () => {
    await expect(runBatches(() => Promise.reject(new Error('no table')), MINUTE)).rejects.toThrow('no table');
  });
});
