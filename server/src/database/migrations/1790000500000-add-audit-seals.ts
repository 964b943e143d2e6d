import type { MigrationInterface, QueryRunner } from 'typeorm';
import { count, instant, integer, string, table, text } from './table-builder.js';

const SEALS = table('audit_seals', {
  key: integer('sequence'),
  columns: [
    count('first_position'),
    integer('event_count'),
    text('entries'),
    instant('newest_event_at'),
    instant('sealed_at'),
    string('previous_hash', 43),
    string('hash', 43),
    string('signature', 43),
  ],
});

const TOMBSTONES = table('audit_tombstones', {
  key: integer('through_sequence'),
  columns: [count('through_position'), string('root', 43), instant('removed_at'), string('signature', 43)],
});

const INDEX = 'ix_audit_events_seal_sequence_created_at_id';

/** What proves that the audit is what it was: a chain of seals over its events, and what retention removed of it. */
export class AddAuditSeals1790000500000 implements MigrationInterface {
  readonly name = 'AddAuditSeals1790000500000';

  async up(runner: QueryRunner): Promise<void> {
    for (const made of [SEALS, TOMBSTONES]) await runner.createTable(made.clone(), true, true, true);
    await runner.query('ALTER TABLE audit_events ADD COLUMN seal_sequence integer');
    await runner.query(`CREATE INDEX ${INDEX} ON audit_events (seal_sequence, created_at, id)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX ${INDEX}`);
    await runner.query('ALTER TABLE audit_events DROP COLUMN seal_sequence');
    for (const made of [TOMBSTONES, SEALS]) await runner.dropTable(made.clone());
  }
}
