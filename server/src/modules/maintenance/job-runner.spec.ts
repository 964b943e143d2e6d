import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseKind } from '#contracts';
import { FakeClock } from '../../../test/support/fake-clock.js';
import '../../../test/support/quiet.js';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.js';
import { DomainError } from '../../common/errors.js';
import type { MaintenanceJob } from '../../common/maintenance-job.js';
import { Telemetry } from '../../common/telemetry.js';
import type { Database } from '../../database/database.js';
import { openDatabase } from '../../database/open-database.js';
import { entities } from '../../entities.js';
import { JobRunner } from './job-runner.js';
import { JobRunsRepository } from './job-runs.store.js';

const HOLDER = 'the holder of the lease';

const aJob = (run: MaintenanceJob['run']): MaintenanceJob => ({
  id: 'dusting',
  description: 'Dusts.',
  timeLimitSeconds: 60,
  run,
});

/** A batch that is back when it is told to be. */
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
  let runs: JobRunsRepository;
  let runner: JobRunner;
  const clock = new FakeClock();
  clock.stop();

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'opstage-jobs-'));
    store = await createTestDatabase(kind, folder);
    db = await openDatabase({ database: store.config, backupDir: join(folder, 'backups') }, entities);
    runs = new JobRunsRepository(db);
    runner = new JobRunner(runs, new Telemetry(), clock);
  });

  afterEach(async () => {
    jest.useRealTimers();
    await db.close();
    await store.drop();
    rmSync(folder, { recursive: true });
  });

  it('is recorded while it runs, and with what came of it', async () => {
    let found = 12;
    let during: unknown = null;
    const job = aJob(async () => {
      during ??= await runs.all();
      return found && (found -= 6) + 6;
    });
    await runner.run(job, HOLDER);
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
      'It failed with ENOSPC; the log of the server says more.',
    ],
    ['a fault in the program', new TypeError('x is undefined'), 'It failed; the log of the server says why.'],
  ])('that fails says why for everybody to read: %s', async (_, error, message) => {
    const outcome = await runner.run(
      aJob(() => Promise.reject(error)),
      HOLDER,
    );
    expect(outcome).toEqual({ result: 'FAILED', count: 0, message, error });
    expect(await runs.all()).toMatchObject([{ result: 'FAILED', message, runningFor: null }]);
  });

  it('keeps a statement that the database refused to itself', async () => {
    await runner.run(
      aJob(() => db.query('SELECT secret FROM nowhere', {}).then(() => 0)),
      HOLDER,
    );
    const [run] = await runs.all();
    expect(run).toMatchObject({ result: 'FAILED', message: expect.stringMatching(/^It failed with \w+;/) as string });
    expect(run?.message).not.toContain('nowhere');
  });

  it('that hangs fails at its time limit, and is not begun again beside itself', async () => {
    jest.useFakeTimers({
      doNotFake: ['Date', 'hrtime', 'nextTick', 'performance', 'queueMicrotask', 'setImmediate', 'setInterval'],
    });
    const { job, calls, comeBack } = aSlowBatch();
    const running = runner.run(job, HOLDER);
    while (calls() === 0) await new Promise((resolve) => setImmediate(resolve));
    jest.advanceTimersByTime(60_000);
    expect(await running).toMatchObject({ result: 'FAILED', message: 'It was not done after 60 seconds.' });
    expect(await runner.run(job, HOLDER)).toMatchObject({ message: 'A run before this one has not come back yet.' });
    expect(calls()).toBe(1);
    comeBack();
    expect(await runner.run(job, HOLDER)).toMatchObject({ result: 'SUCCEEDED' });
    expect(calls()).toBe(2);
  });

  it('leaves alone what a later holder recorded', async () => {
    await runner.run(
      aJob(async () => {
        await runs.begin('dusting', 'its heir', clock.now());
        return 0;
      }),
      HOLDER,
    );
    expect(await runs.all()).toMatchObject([{ runningFor: 'its heir', result: null }]);
  });
});
