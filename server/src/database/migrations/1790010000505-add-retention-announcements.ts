import type { MigrationInterface, QueryRunner } from 'typeorm';
import { id, instant, integer, NULLABLE } from './table-builder.js';

const COLUMNS = [integer('days', NULLABLE), instant('newest_event_at', NULLABLE), id('announced_by', NULLABLE)];

/** Retention signs what it announced: the days in force, the newest event it removed, and the event that said so. */
export class AddRetentionAnnouncements1790010000505 implements MigrationInterface {
  readonly name = 'AddRetentionAnnouncements1790010000505';

  async up(runner: QueryRunner): Promise<void> {
    await runner.addColumns('audit_tombstones', COLUMNS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropColumns('audit_tombstones', COLUMNS);
  }
}
