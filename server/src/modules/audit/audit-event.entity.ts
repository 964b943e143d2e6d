import { Entity, Index, PrimaryColumn } from 'typeorm';
import type { AuditAction, AuditActorType, AuditEventId, AuditResult, AuditTargetType, JsonObject } from '#contracts';
import { InstantColumn, IntegerColumn, JsonColumn, StringColumn, TextColumn } from '../../database/columns.js';

@Entity('audit_events')
@Index('ix_audit_events_created_at_id', ['createdAt', 'id'])
@Index('ix_audit_events_action_created_at', ['action', 'createdAt'])
@Index('ix_audit_events_actor_id_created_at', ['actorId', 'createdAt'])
@Index('ix_audit_events_target_id_created_at', ['targetId', 'createdAt'])
@Index('ix_audit_events_seal_sequence_created_at_id', ['sealSequence', 'createdAt', 'id'])
export class AuditEventEntity {
  @PrimaryColumn({ name: 'id', type: 'varchar', length: 40, primaryKeyConstraintName: 'pk_audit_events' })
  id!: AuditEventId;
  @StringColumn('actor_type', 20) actorType!: AuditActorType;
  /** Null when the caller could not be identified. */
  @StringColumn('actor_id', 40, { nullable: true }) actorId!: string | null;
  @StringColumn('actor_name', 200, { nullable: true }) actorName!: string | null;
  @StringColumn('action', 80) action!: AuditAction;
  @StringColumn('target_type', 40) targetType!: AuditTargetType;
  @StringColumn('target_id', 80, { nullable: true }) targetId!: string | null;
  @StringColumn('result', 20) result!: AuditResult;
  @TextColumn('message') message!: string;
  @StringColumn('ip_address', 64, { nullable: true }) ipAddress!: string | null;
  @StringColumn('user_agent', 300, { nullable: true }) userAgent!: string | null;
  @JsonColumn('metadata') metadata!: JsonObject;
  @InstantColumn('created_at') createdAt!: Date;
  /** The seal that covers it; null until it is sealed, about a second after it was written. */
  @IntegerColumn('seal_sequence', { nullable: true }) sealSequence!: number | null;
}
