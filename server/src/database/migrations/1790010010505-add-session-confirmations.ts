import type { MigrationInterface, QueryRunner } from 'typeorm';
import { instant } from './table-builder.js';

const COLUMN = instant('confirmed_at', { default: '0' });

/** When the user last proved who they are: at the sign-in, and whenever they confirmed it. */
export class AddSessionConfirmations1790010010505 implements MigrationInterface {
  readonly name = 'AddSessionConfirmations1790010010505';

  async up(runner: QueryRunner): Promise<void> {
    await runner.addColumn('sessions', COLUMN);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropColumn('sessions', COLUMN);
  }
}
