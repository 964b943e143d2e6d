import { Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation, Unique } from 'typeorm';
import type { AgentId, CapsuleServiceId, HealthStatus, JsonObject, Manifest } from '#contracts';
import { IdColumn, InstantColumn, JsonColumn, StringColumn, TextColumn } from '../../../database/columns.js';
import { AgentEntity } from '../agent.entity.js';

/** A service that an agent reports. */
@Entity('capsule_services')
@Unique('uq_capsule_services_code', ['code'])
@Index('ix_capsule_services_agent_id', ['agentId'])
@Index('ix_capsule_services_last_reported_at', ['lastReportedAt'])
export class CapsuleServiceEntity {
  @PrimaryColumn({ name: 'id', type: 'varchar', length: 40, primaryKeyConstraintName: 'pk_capsule_services' })
  id!: CapsuleServiceId;
  /** The agent that reports it. */
  @IdColumn('agent_id') agentId!: AgentId;
  @ManyToOne(() => AgentEntity, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'agent_id', foreignKeyConstraintName: 'fk_capsule_services_agent_id' })
  agent?: Relation<AgentEntity>;
  @StringColumn('code', 80) code!: string;
  @StringColumn('name', 200) name!: string;
  @TextColumn('description', { nullable: true }) description!: string | null;
  @StringColumn('version', 80, { nullable: true }) version!: string | null;
  @StringColumn('runtime', 80, { nullable: true }) runtime!: string | null;
  @JsonColumn('manifest') manifest!: Manifest;
  /** SHA-256 of everything reported but the health; a report with the same hash changes nothing. */
  @StringColumn('content_hash', 64) contentHash!: string;
  @StringColumn('health_status', 20) healthStatus!: HealthStatus;
  @TextColumn('health_message', { nullable: true }) healthMessage!: string | null;
  @JsonColumn('health_details', { nullable: true }) healthDetails!: JsonObject | null;
  /** When the health status last changed; null until the service reports one. */
  @InstantColumn('health_since', { nullable: true }) healthSince!: Date | null;
  @InstantColumn('last_reported_at') lastReportedAt!: Date;
  /** When it was audited as stale; the next report sets it to null. */
  @InstantColumn('stale_noted_at', { nullable: true }) staleNotedAt!: Date | null;
  /** When its agent stopped listing it; the service stays for its history and is hidden by default. */
  @InstantColumn('retired_at', { nullable: true }) retiredAt!: Date | null;
  @InstantColumn('created_at') createdAt!: Date;
  @InstantColumn('updated_at') updatedAt!: Date;
}
