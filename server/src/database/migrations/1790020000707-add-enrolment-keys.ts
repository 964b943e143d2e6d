import type { MigrationInterface, QueryRunner } from 'typeorm';
import { NULLABLE, string } from './table-builder.js';

const COLUMN = string('enrolment_key_hash', 64, NULLABLE);

/** Recognizes a registration whose answer was lost, until its agent token is first used. */
export class AddEnrolmentKeys1790020000707 implements MigrationInterface {
  readonly name = 'AddEnrolmentKeys1790020000707';

  async up(runner: QueryRunner): Promise<void> {
    await runner.addColumn('agent_tokens', COLUMN);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropColumn('agent_tokens', COLUMN);
  }
}
