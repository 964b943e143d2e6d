import type { MigrationInterface, QueryRunner } from 'typeorm';
import { instant, NULLABLE } from './table-builder.js';

const COLUMNS = [instant('token_reused_at', NULLABLE), instant('polls_displaced_at', NULLABLE)];

/** Signs that somebody else has an agent's token. */
export class AddAgentMarks1790010020505 implements MigrationInterface {
  readonly name = 'AddAgentMarks1790010020505';

  async up(runner: QueryRunner): Promise<void> {
    await runner.addColumns('agents', COLUMNS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropColumns('agents', COLUMNS);
  }
}
