import type { MigrationInterface, QueryRunner } from 'typeorm';
import { id, instant, integer, json, NULLABLE, string, table } from './table-builder.js';

const PROGRESS = table('command_progress', {
  key: id('command_id'),
  columns: [integer('percent', NULLABLE), string('message', 500, NULLABLE), json('log'), instant('updated_at')],
  ownedBy: { command_id: 'commands' },
});

/** What agents say while they run a command: one row for each that said something. */
export class AddCommandProgress1790000300000 implements MigrationInterface {
  readonly name = 'AddCommandProgress1790000300000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(PROGRESS.clone(), true, true, true);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable(PROGRESS.clone());
  }
}
