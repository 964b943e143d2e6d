import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database.js';
import { JobRunEntity } from './job-run.entity.js';

type Outcome = Pick<JobRunEntity, 'result' | 'message' | 'durationMs' | 'doneCount'>;

const NEVER: Outcome = { result: null, message: null, durationMs: null, doneCount: null };

const OWN = 'job_id = :jobId AND running_for = :holder';

/** The last and the current run of each job. */
@Injectable()
export class JobRunsStore {
  constructor(private readonly db: Database) {}

  /**
   * Records that a job is running, and returns when its last run started; null before the first. The outcome of the last
   * run stays until this one ends.
   */
  begin(jobId: string, holder: string, startedAt: Date): Promise<Date | null> {
    const running = { runningFor: holder, startedAt };
    return this.db.transaction(async (tx) => {
      const last = await this.db.findOne(JobRunEntity, 'job_id = :jobId', { jobId }, tx);
      if (last) await tx.update(JobRunEntity, running, 'job_id = :jobId', { jobId });
      else await tx.insertIfAbsent(JobRunEntity, { jobId, ...running, ...NEVER });
      return last?.startedAt ?? null;
    });
  }

  /** Records the outcome of a run, unless another holder has started the job since. */
  async end(jobId: string, holder: string, outcome: Outcome): Promise<void> {
    await this.db.transaction((tx) =>
      tx.update(JobRunEntity, { ...outcome, runningFor: null }, OWN, { jobId, holder }),
    );
  }

  /** Undoes {@link begin} for a run that had nothing to do, and restores the record of the last run. */
  async skip(jobId: string, holder: string, lastStartedAt: Date | null): Promise<void> {
    await this.db.transaction((tx) =>
      lastStartedAt
        ? tx.update(JobRunEntity, { runningFor: null, startedAt: lastStartedAt }, OWN, { jobId, holder })
        : tx.delete(JobRunEntity, OWN, { jobId, holder }),
    );
  }

  /** The record of every job that ever ran. */
  all(): Promise<JobRunEntity[]> {
    return this.db.find(JobRunEntity, 'TRUE');
  }
}
