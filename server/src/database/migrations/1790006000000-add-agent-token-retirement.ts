import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When a token ends that its agent has replaced, and may still have to use for a little while. */
export class AddAgentTokenRetirement1790006000000 implements MigrationInterface {
  readonly name = 'AddAgentTokenRetirement1790006000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE agent_tokens ADD COLUMN retires_at bigint');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE agent_tokens DROP COLUMN retires_at');
  }
}
