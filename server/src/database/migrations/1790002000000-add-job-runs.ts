import type { MigrationInterface, QueryRunner } from 'typeorm';
import { count, instant, integer, NULLABLE, string, table, text } from './table-builder.js';

const JOB_RUNS = table('job_runs', {
  key: string('job_id', 80),
  columns: [
    string('running_for', 80, NULLABLE),
    instant('started_at'),
    string('result', 20, NULLABLE),
    text('message', NULLABLE),
    integer('duration_ms', NULLABLE),
    count('done_count', NULLABLE),
  ],
});

/** How each sweep last went, for every replica to tell. */
export class AddJobRuns1790002000000 implements MigrationInterface {
  readonly name = 'AddJobRuns1790002000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(JOB_RUNS.clone(), true, true, true);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable(JOB_RUNS.clone());
  }
}
