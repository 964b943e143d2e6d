import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The list of commands of one status, newest first, is read in the order of its index. Those that are still open, whose
 * expiry is looked at, are few: they are found by the same index.
 */
export class IndexCommandsByStatusAndTime1790000325000 implements MigrationInterface {
  readonly name = 'IndexCommandsByStatusAndTime1790000325000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE INDEX ix_commands_status_created_at_id ON commands (status, created_at, id)');
    await runner.query('DROP INDEX ix_commands_status_expires_at');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE INDEX ix_commands_status_expires_at ON commands (status, expires_at)');
    await runner.query('DROP INDEX ix_commands_status_created_at_id');
  }
}
