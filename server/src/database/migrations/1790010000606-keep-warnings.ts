import type { MigrationInterface, QueryRunner } from 'typeorm';
import { boolean, json, NULLABLE } from './table-builder.js';

const FALSE = { default: false } as const;

/** What could not be kept as an agent sent it, and whether a private key is being reported line by line. */
export class KeepWarnings1790010000606 implements MigrationInterface {
  readonly name = 'KeepWarnings1790010000606';

  async up(runner: QueryRunner): Promise<void> {
    await runner.addColumn('agents', json('warnings', NULLABLE));
    await runner.addColumn('command_progress', boolean('in_key_block', FALSE));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropColumn('command_progress', 'in_key_block');
    await runner.dropColumn('agents', 'warnings');
  }
}
