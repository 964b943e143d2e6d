import type { MigrationInterface, QueryRunner } from 'typeorm';
import { boolean, count, id, instant, integer, json, NULLABLE, string, table, text } from './table-builder.js';

const PASSKEYS = table('passkeys', {
  columns: [
    id('user_id'),
    string('credential_id', 1400),
    text('public_key'),
    count('counter'),
    json('transports'),
    boolean('is_backed_up'),
    string('rp_id', 255),
    string('name', 80),
    instant('created_at'),
    instant('last_used_at', NULLABLE),
  ],
  uniques: [['credential_id']],
  indices: [['user_id']],
  ownedBy: { user_id: 'users' },
});

const CHALLENGES = table('passkey_challenges', {
  key: string('ticket_hash', 64),
  columns: [
    id('user_id'),
    string('purpose', 20),
    string('challenge', 100),
    integer('user_session_epoch'),
    instant('expires_at'),
  ],
  indices: [['user_id'], ['expires_at']],
  ownedBy: { user_id: 'users' },
});

/** The public halves of users' passkeys, what their authenticators were asked to sign, and how many each user has. */
export class AddPasskeys1790005000000 implements MigrationInterface {
  readonly name = 'AddPasskeys1790005000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE users ADD COLUMN passkey_count integer NOT NULL DEFAULT 0');
    await runner.createTable(PASSKEYS.clone(), true, true, true);
    await runner.createTable(CHALLENGES.clone(), true, true, true);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable(CHALLENGES.clone());
    await runner.dropTable(PASSKEYS.clone());
    await runner.query('ALTER TABLE users DROP COLUMN passkey_count');
  }
}
