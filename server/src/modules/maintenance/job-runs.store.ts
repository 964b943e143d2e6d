import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database.js';
import { JobRunEntity } from './job-run.entity.js';

type Outcome = Pick<JobRunEntity, 'result' | 'message' | 'durationMs' | 'doneCount'>;

const NEVER: Outcome = { result: null, message: null, durationMs: null, doneCount: null };

@Injectable()
export class JobRunsRepository {
  constructor(private readonly db: Database) {}

  /** Notes that a job runs; what is known of the run before stays until this one ends. */
  begin(jobId: string, holder: string, startedAt: Date): Promise<void> {
    const running = { runningFor: holder, startedAt };
    return this.db.transaction(async (tx) => {
      await tx.insertIfAbsent(JobRunEntity, { jobId, ...running, ...NEVER });
      await tx.update(JobRunEntity, running, 'job_id = :jobId', { jobId });
    });
  }

  /** Notes how a job went, unless somebody else has begun it since. */
  async end(jobId: string, holder: string, outcome: Outcome): Promise<void> {
    const own = 'job_id = :jobId AND running_for = :holder';
    await this.db.transaction((tx) =>
      tx.update(JobRunEntity, { ...outcome, runningFor: null }, own, { jobId, holder }),
    );
  }

  all(): Promise<JobRunEntity[]> {
    return this.db.manager().find(JobRunEntity);
  }
}
