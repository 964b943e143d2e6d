import type { MigrationInterface, QueryRunner } from 'typeorm';
import { boolean, NULLABLE } from './table-builder.js';

/** Whether the agent that claimed a command keeps a journal; unknown of earlier claims. */
export class AddJournaledClaims1790020010303 implements MigrationInterface {
  readonly name = 'AddJournaledClaims1790020010303';

  async up(runner: QueryRunner): Promise<void> {
    await runner.addColumn('commands', boolean('is_journaled', NULLABLE));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropColumn('commands', 'is_journaled');
  }
}
