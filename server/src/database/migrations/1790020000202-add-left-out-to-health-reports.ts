import type { MigrationInterface, QueryRunner } from 'typeorm';
import { json, NULLABLE } from './table-builder.js';

/** The changes of a flapping service that were not stored one by one. */
export class AddLeftOutToHealthReports1790020000202 implements MigrationInterface {
  readonly name = 'AddLeftOutToHealthReports1790020000202';

  async up(runner: QueryRunner): Promise<void> {
    await runner.addColumn('health_reports', json('left_out', NULLABLE));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropColumn('health_reports', 'left_out');
  }
}
