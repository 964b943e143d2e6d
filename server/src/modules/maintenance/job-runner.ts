import { Injectable, Logger } from '@nestjs/common';
import type { JobResult } from '#contracts';
import { Clock } from '../../common/clock.js';
import { DomainError, driverErrorOf, errorCodeOf } from '../../common/errors.js';
import type { BatchResult, JobContext } from '../../common/maintenance-job.js';
import { Telemetry } from '../../common/telemetry.js';
import type { Job } from './job-registry.js';
import { JobRunsStore } from './job-runs.store.js';

/** The sum of the batches of one run. */
export interface JobProgress {
  readonly totals: BatchResult;
  /** Whether the rest is left to the next run. */
  readonly isTruncated: boolean;
}

/** After this many batches the rest waits for the next run. */
const MAX_BATCHES = 1_000;

/** A batch did not finish in time; it may still be running. */
export class JobTimeout extends Error {}

/** Settles like `work`, or rejects at the time limit. */
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

const sum = (totals: BatchResult, batch: BatchResult): BatchResult => ({
  ...totals,
  ...Object.fromEntries(Object.entries(batch).map(([figure, value]) => [figure, (totals[figure] ?? 0) + value])),
  count: totals.count + batch.count,
});

/**
 * Runs batches until nothing is left, the time is up or `stop` aborts; null when the first batch says that nothing was due.
 * @throws JobTimeout when a batch has not finished by then
 */
export const runBatches = async (
  run: () => Promise<number | BatchResult | null>,
  timeLimitSeconds: number,
  stop?: AbortSignal,
): Promise<JobProgress | null> => {
  const endsAt = performance.now() + timeLimitSeconds * 1_000;
  let totals: BatchResult = { count: 0 };
  for (let batch = 0; batch < MAX_BATCHES; batch += 1) {
    const leftMs = endsAt - performance.now();
    if (leftMs <= 0 || (batch > 0 && stop?.aborted === true)) break;
    const done = await within(leftMs, run());
    if (done === null && batch === 0) return null;
    const result = typeof done === 'number' ? { count: done } : (done ?? { count: 0 });
    totals = sum(totals, result);
    if (result.count === 0) return { totals, isTruncated: false };
  }
  return { totals, isTruncated: true };
};

/** The outcome of a job's run. */
export interface JobOutcome {
  readonly result: JobResult;
  readonly totals: BatchResult;
  readonly message: string | null;
  /** Why it failed. */
  readonly error: Error | null;
}

const TRUNCATED = 'The time or batch limit was reached; the rest follows with the next run.';

/** A reason that any user may read: the messages of databases and systems name tables and paths. */
const reasonOf = (error: Error, { timeLimitSeconds }: Job): string => {
  if (error instanceof JobTimeout) return `It did not finish within ${timeLimitSeconds} seconds.`;
  if (error instanceof DomainError) return error.message;
  const code = errorCodeOf(driverErrorOf(error));
  if (code !== null) return `It failed with ${code}; see the server log for details.`;
  return error.constructor === Error ? error.message : 'It failed; see the server log for details.';
};

/** Runs one job within its time limit and records the outcome. */
@Injectable()
export class JobRunner {
  readonly #logger = new Logger(JobRunner.name);
  /** Jobs with a batch that timed out and is still running. */
  readonly #hanging = new Set<string>();

  constructor(
    private readonly runs: JobRunsStore,
    private readonly telemetry: Telemetry,
    private readonly clock: Clock,
  ) {}

  /** Never rejects; null when nothing was due. `holder` holds the lease it runs under. */
  async run(job: Job, holder: string, context: JobContext): Promise<JobOutcome | null> {
    const lastStartedAt = await this.#tryRecord(() => this.runs.begin(job.id, holder, this.clock.now()));
    const since = performance.now();
    const outcome = await this.#attempt(job, context);
    if (!outcome) {
      await this.#tryRecord(() => this.runs.skip(job.id, holder, lastStartedAt));
      return null;
    }
    const milliseconds = performance.now() - since;
    const { result, message, totals } = outcome;
    this.telemetry.recordJob(job.id, result === 'SUCCEEDED' ? 'success' : 'failure', milliseconds / 1_000);
    const recorded = { result, message, doneCount: totals.count, durationMs: Math.round(milliseconds) };
    await this.#tryRecord(() => this.runs.end(job.id, holder, recorded));
    return outcome;
  }

  async #attempt(job: Job, context: JobContext): Promise<JobOutcome | null> {
    if (this.#hanging.has(job.id)) return failed(new Error('An earlier run has not finished yet.'), job);
    try {
      const progress = await runBatches(() => this.#runBatch(job, context), job.timeLimitSeconds, context.stop);
      if (!progress) return null;
      const { totals, isTruncated } = progress;
      return { result: 'SUCCEEDED', totals, message: isTruncated ? TRUNCATED : null, error: null };
    } catch (error) {
      this.#logger.error(error, `Maintenance job ${job.id} failed.`);
      return failed(error as Error, job);
    }
  }

  /** Remembers a batch that outlives its time limit: the next run must not start another one alongside it. */
  async #runBatch({ id, run }: Job, context: JobContext): Promise<number | BatchResult | null> {
    this.#hanging.add(id);
    try {
      return await run(context);
    } finally {
      this.#hanging.delete(id);
    }
  }

  /** A failure to record a run does not fail the run. */
  async #tryRecord<T>(write: () => Promise<T>): Promise<T | null> {
    try {
      return await write();
    } catch (error) {
      this.#logger.warn(error);
      return null;
    }
  }
}

const failed = (error: Error, job: Job): JobOutcome => ({
  result: 'FAILED',
  totals: { count: 0 },
  message: reasonOf(error, job),
  error,
});
