import type { MigrationInterface, QueryRunner } from 'typeorm';
import { kindOf } from '../kind-of.js';
import { instant, integer, string, table } from './table-builder.js';

const FAILURES = table('sign_in_failures', {
  key: string('subject', 64),
  columns: [integer('failures'), instant('last_failed_at'), instant('forgotten_at')],
  indices: [['forgotten_at']],
});

/** How often a sign-in was refused of late, when a session was last seen, and whether a password is the first start's. */
export class AddSignInLimits1790004000000 implements MigrationInterface {
  readonly name = 'AddSignInLimits1790004000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(FAILURES.clone(), true, true, true);
    await runner.query('ALTER TABLE sessions ADD COLUMN last_seen_at bigint NOT NULL DEFAULT 0');
    await runner.query('UPDATE sessions SET last_seen_at = created_at');
    // The two write it differently into their catalogues, where it is compared with what the entity says.
    const no = kindOf(runner.dataSource) === 'postgres' ? 'false' : '0';
    await runner.query(`ALTER TABLE users ADD COLUMN is_bootstrap_password boolean NOT NULL DEFAULT ${no}`);
    // A password that was set later left its time; what else changes a user may have, and then nothing is claimed.
    await runner.query(
      `UPDATE users SET is_bootstrap_password = true
        WHERE created_at = updated_at AND id = (SELECT MIN(id) FROM users WHERE role = 'owner')`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE users DROP COLUMN is_bootstrap_password');
    await runner.query('ALTER TABLE sessions DROP COLUMN last_seen_at');
    await runner.dropTable(FAILURES.clone());
  }
}
