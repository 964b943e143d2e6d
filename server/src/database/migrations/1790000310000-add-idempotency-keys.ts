import type { MigrationInterface, QueryRunner } from 'typeorm';
import { id, instant, string, table } from './table-builder.js';

const KEYS = table('idempotency_keys', {
  key: string('key_hash', 64),
  columns: [string('request_signature', 64), id('command_id'), instant('created_at')],
  indices: [['command_id'], ['created_at']],
  ownedBy: { command_id: 'commands' },
});

/** Which request made which command, for those who say it twice. */
export class AddIdempotencyKeys1790000310000 implements MigrationInterface {
  readonly name = 'AddIdempotencyKeys1790000310000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(KEYS.clone(), true, true, true);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable(KEYS.clone());
  }
}
