import type { MigrationInterface, QueryRunner } from 'typeorm';
import { instant, string, table } from './table-builder.js';

const LEASES = table('leases', {
  key: string('name', 80),
  columns: [string('holder', 80), instant('taken_at'), instant('expires_at')],
});

/** What one replica at a time may do. */
export class AddLeases1790000320000 implements MigrationInterface {
  readonly name = 'AddLeases1790000320000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(LEASES.clone(), true, true, true);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable(LEASES.clone());
  }
}
