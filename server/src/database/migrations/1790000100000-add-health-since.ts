import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Since when a service says what it says of its health: every list shows it, so it is kept beside the status. */
export class AddHealthSince1790000100000 implements MigrationInterface {
  readonly name = 'AddHealthSince1790000100000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE capsule_services ADD COLUMN health_since bigint');
    await runner.query(
      `UPDATE capsule_services SET health_since =
        (SELECT MAX(report.reported_at) FROM health_reports report WHERE report.service_id = capsule_services.id)`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE capsule_services DROP COLUMN health_since');
  }
}
