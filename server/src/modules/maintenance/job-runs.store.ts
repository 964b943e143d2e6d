import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database.js';
import { JobRunEntity } from './job-run.entity.js';

type Outcome = Pick<JobRunEntity, 'result' | 'message' | 'durationMs' | 'doneCount'>;

const NEVER: Outcome = { result: null, message: null, durationMs: null, doneCount: null };

const OWN = 'job_id = :jobId AND running_for = :holder';

/** The last run of each job, and the one under way. */
@Injectable()
export class JobRunsStore {
  constructor(private readonly db: Database) {}

  /**
   * Records that a job runs, and returns when its last run began; null before the first. The outcome of that run stays
   * until this one ends.
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

  /** Records how a job went, unless another holder has begun it since. */
  async end(jobId: string, holder: string, outcome: Outcome): Promise<void> {
    await this.db.transaction((tx) =>
      tx.update(JobRunEntity, { ...outcome, runningFor: null }, OWN, { jobId, holder }),
    );
  }

  /** Takes back {@link begin} of a run that had nothing to do: the last run, if any, stands as it was. */
  async skip(jobId: string, holder: string, lastStartedAt: Date | null): Promise<void> {
    await this.db.transaction((tx) =>
      lastStartedAt
        ? tx.update(JobRunEntity, { runningFor: null, startedAt: lastStartedAt }, OWN, { jobId, holder })
        : tx.delete(JobRunEntity, OWN, { jobId, holder }),
    );
  }

  all(): Promise<JobRunEntity[]> {
    return this.db.find(JobRunEntity, 'TRUE');
  }
}
