import { Entity, PrimaryColumn } from 'typeorm';
import type { JobResult } from '#contracts';
import { CountColumn, InstantColumn, IntegerColumn, StringColumn, TextColumn } from '../../database/columns.js';

/** The last run of a maintenance job. */
@Entity('job_runs')
export class JobRunEntity {
  @PrimaryColumn({ name: 'job_id', type: 'varchar', length: 80, primaryKeyConstraintName: 'pk_job_runs' })
  jobId!: string;
  /** The holder of the lease it runs under; null once it has ended. A server that crashed leaves it set. */
  @StringColumn('running_for', 80, { nullable: true }) runningFor!: string | null;
  @InstantColumn('started_at') startedAt!: Date;
  /** Of the last finished run, like the columns below; null before the first. */
  @StringColumn('result', 20, { nullable: true }) result!: JobResult | null;
  @TextColumn('message', { nullable: true }) message!: string | null;
  @IntegerColumn('duration_ms', { nullable: true }) durationMs!: number | null;
  @CountColumn('done_count', { nullable: true }) doneCount!: number | null;
}
