import { Injectable, Logger } from '@nestjs/common';
import type { JobResult } from '#contracts';
import { DomainError } from '../../common/errors/domain-error.js';
import { driverErrorOf, errorCodeOf } from '../../common/errors/error-code.js';
import { Metrics } from '../../common/metrics/metrics.js';
import { Clock } from '../../common/time/clock.js';
import { JobRunsRepository } from './job-runs.repository.js';
import { JobOverdue, runToTheEnd, type MaintenanceJob } from './maintenance-job.js';

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
  if (error instanceof JobOverdue) return `It was not done after ${timeLimitSeconds} seconds.`;
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
    private readonly metrics: Metrics,
    private readonly clock: Clock,
  ) {}

  /** Never fails: the outcome says how it went. `holder` is whose lease it runs under. */
  async run(job: MaintenanceJob, holder: string): Promise<JobOutcome> {
    await this.#note(() => this.runs.begin(job.id, holder, this.clock.now()));
    const since = performance.now();
    const outcome = await this.#attempt(job);
    const milliseconds = performance.now() - since;
    const { result, message, count: doneCount } = outcome;
    this.metrics.swept(job.id, result === 'SUCCEEDED' ? 'success' : 'failure', milliseconds / 1_000);
    const recorded = { result, message, doneCount, durationMs: Math.round(milliseconds) };
    await this.#note(() => this.runs.end(job.id, holder, recorded));
    return outcome;
  }

  async #attempt(job: MaintenanceJob): Promise<JobOutcome> {
    if (this.#hanging.has(job.id)) return failed(new Error('A run before this one has not come back yet.'), job);
    try {
      const { count, isCut } = await runToTheEnd(() => this.#watch(job), job.timeLimitSeconds);
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
