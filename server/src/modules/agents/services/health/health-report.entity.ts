import { Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import type { CapsuleServiceId, HealthReportId, HealthStatus, JsonObject, LeftOutHealth } from '#contracts';
import { IdColumn, InstantColumn, JsonColumn, StringColumn, TextColumn } from '../../../../database/columns.js';
import { CapsuleServiceEntity } from '../capsule-service.entity.js';

/** A health transition; a report that repeats the last status adds none. */
@Entity('health_reports')
@Index('ix_health_reports_service_id_reported_at', ['serviceId', 'reportedAt'])
@Index('ix_health_reports_reported_at', ['reportedAt'])
export class HealthReportEntity {
  @PrimaryColumn({ name: 'id', type: 'varchar', length: 40, primaryKeyConstraintName: 'pk_health_reports' })
  id!: HealthReportId;
  @IdColumn('service_id') serviceId!: CapsuleServiceId;
  @ManyToOne(() => CapsuleServiceEntity, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'service_id', foreignKeyConstraintName: 'fk_health_reports_service_id' })
  service?: Relation<CapsuleServiceEntity>;
  @StringColumn('status', 20) status!: HealthStatus;
  @TextColumn('message', { nullable: true }) message!: string | null;
  @JsonColumn('details', { nullable: true }) details!: JsonObject | null;
  @InstantColumn('reported_at') reportedAt!: Date;
  /** The changes since the transition before that were not stored; null for none. */
  @JsonColumn('left_out', { nullable: true }) leftOut!: LeftOutHealth | null;
}
