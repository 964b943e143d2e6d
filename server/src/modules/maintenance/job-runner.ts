import { Injectable, Logger } from '@nestjs/common';
import type { JobResult } from '#contracts';
import { Clock } from '../../common/clock.js';
import { DomainError, driverErrorOf, errorCodeOf } from '../../common/errors.js';
import { MaintenanceJob } from '../../common/maintenance-job.js';
import { Telemetry } from '../../common/telemetry.js';
import { JobRunsRepository } from './job-runs.store.js';

/** What the batches of one run came to. */
export interface JobProgress {
  readonly count: number;
  /** Whether something is left for the next run. */
  readonly isCut: boolean;
}

/** Past this many batches in one run the rest waits for the next run. */
const MAX_BATCHES = 1_000;

/** A batch did not come back in time; it may still be at work. */
export class JobTimeout extends Error {}

/** Settles as `work` does, or fails at the limit. */
const within = async <T>(milliseconds: number, work: Promise<T>): Promise<T> => {
  const { promise: limit, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    reject(new JobTimeout());
  }, milliseconds);
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
};

/**
 * Runs batches until nothing is left or the time is up.
 * @throws JobOverdue when a batch is not back by then
 */
export const runBatches = async (run: MaintenanceJob['run'], timeLimitSeconds: number): Promise<JobProgress> => {
  const endsAt = performance.now() + timeLimitSeconds * 1_000;
  let count = 0;
  for (let batch = 0; batch < MAX_BATCHES; batch += 1) {
    const leftMs = endsAt - performance.now();
    if (leftMs <= 0) break;
    const done = await within(leftMs, run());
    if (done === 0) return { count, isCut: false };
    count += done;
  }
  return { count, isCut: true };
};

/** How a run of a job went. */
export interface JobOutcome {
  readonly result: JobResult;
  readonly count: number;
  readonly message: string | null;
  /** Why it failed. */
  readonly error: Error | null;
}

const CUT = 'Not all was done in one run; the rest follows with the next.';

/** What everybody may read: a database's or a system's own words name tables and paths. */
const reasonOf = (error: Error, { timeLimitSeconds }: MaintenanceJob): string => {
  if (error instanceof JobTimeout) return `It was not done after ${timeLimitSeconds} seconds.`;
  if (error instanceof DomainError) return error.message;
  const code = errorCodeOf(driverErrorOf(error));
  if (code !== null) return `It failed with ${code}; the log of the server says more.`;
  return error.constructor === Error ? error.message : 'It failed; the log of the server says why.';
};

/** Runs one job within its time limit, and records how that went. */
@Injectable()
export class JobRunner {
  readonly #logger = new Logger(JobRunner.name);
  /** Jobs with a batch that was given up and has not come back yet. */
  readonly #hanging = new Set<string>();

  constructor(
    private readonly runs: JobRunsRepository,
    private readonly metrics: Telemetry,
    private readonly clock: Clock,
  ) {}

  /** Never fails: the outcome says how it went. `holder` is whose lease it runs under. */
  async run(job: MaintenanceJob, holder: string): Promise<JobOutcome> {
    await this.#note(() => this.runs.begin(job.id, holder, this.clock.now()));
    const since = performance.now();
    const outcome = await this.#attempt(job);
    const milliseconds = performance.now() - since;
    const { result, message, count: doneCount } = outcome;
    this.metrics.recordJob(job.id, result === 'SUCCEEDED' ? 'success' : 'failure', milliseconds / 1_000);
    const recorded = { result, message, doneCount, durationMs: Math.round(milliseconds) };
    await this.#note(() => this.runs.end(job.id, holder, recorded));
    return outcome;
  }

  async #attempt(job: MaintenanceJob): Promise<JobOutcome> {
    if (this.#hanging.has(job.id)) return failed(new Error('A run before this one has not come back yet.'), job);
    try {
      const { count, isCut } = await runBatches(() => this.#watch(job), job.timeLimitSeconds);
      return { result: 'SUCCEEDED', count, message: isCut ? CUT : null, error: null };
    } catch (error) {
      this.#logger.error(error, `Maintenance job ${job.id} failed.`);
      return failed(error as Error, job);
    }
  }

  /** A batch that may outlive its time limit: the next run must not start another beside it. */
  async #watch({ id, run }: MaintenanceJob): Promise<number> {
    this.#hanging.add(id);
    try {
      return await run();
    } finally {
      this.#hanging.delete(id);
    }
  }

  /** What cannot be recorded must not keep the work from being done. */
  async #note(write: () => Promise<void>): Promise<void> {
    try {
      await write();
    } catch (error) {
      this.#logger.warn(error);
    }
  }
}

const failed = (error: Error, job: MaintenanceJob): JobOutcome => ({
  result: 'FAILED',
  count: 0,
  message: reasonOf(error, job),
  error,
});
