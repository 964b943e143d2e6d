import { Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import type { AgentId, CapsuleServiceId, CommandId, CommandStatus, CommandType, JsonObject, UserId } from '#contracts';
import {
  BooleanColumn,
  IdColumn,
  InstantColumn,
  IntegerColumn,
  JsonColumn,
  StringColumn,
  TextColumn,
} from '../../database/columns.js';
import { AgentEntity } from '../agents/agent.entity.js';
import { CapsuleServiceEntity } from '../agents/services/capsule-service.entity.js';
import { ServiceActionEntity } from '../agents/services/service-action.entity.js';

/** An action that a user requested and an agent runs. Its result and progress are stored in their own tables. */
@Entity('commands')
@Index('ix_commands_agent_id_status_created_at', ['agentId', 'status', 'createdAt'])
@Index('ix_commands_status_created_at_id', ['status', 'createdAt', 'id'])
@Index('ix_commands_service_id_created_at', ['serviceId', 'createdAt'])
@Index('ix_commands_created_at_id', ['createdAt', 'id'])
@Index('ix_commands_completed_at', ['completedAt'])
export class CommandEntity {
  @PrimaryColumn({ name: 'id', type: 'varchar', length: 40, primaryKeyConstraintName: 'pk_commands' }) id!: CommandId;
  @StringColumn('type', 20) type!: CommandType;
  @StringColumn('status', 20) status!: CommandStatus;
  @IdColumn('service_id') serviceId!: CapsuleServiceId;
  @ManyToOne(() => CapsuleServiceEntity, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'service_id', foreignKeyConstraintName: 'fk_commands_service_id' })
  service?: Relation<Pick<CapsuleServiceEntity, 'code' | 'name'>>;
  /** The agent that is to run it. */
  @IdColumn('agent_id') agentId!: AgentId;
  @ManyToOne(() => AgentEntity, { createForeignKeyConstraints: false })
  @JoinColumn({ name: 'agent_id' })
  agent?: Relation<Pick<AgentEntity, 'name'>>;
  @StringColumn('action_name', 120) actionName!: string;
  /** The action as the service declares it now; null when it no longer does. */
  @ManyToOne(() => ServiceActionEntity, { createForeignKeyConstraints: false })
  @JoinColumn([
    { name: 'service_id', referencedColumnName: 'serviceId' },
    { name: 'action_name', referencedColumnName: 'name' },
  ])
  action?: Relation<Pick<ServiceActionEntity, 'label'>> | null;
  /** What users see: secrets are `[REDACTED]`. */
  @JsonColumn('payload') payload!: JsonObject;
  /** The whole payload, sealed, if it holds secrets; erased when the command ends. */
  @TextColumn('sealed_payload', { nullable: true }) sealedPayload!: string | null;
  @IntegerColumn('timeout_seconds', { nullable: true }) timeoutSeconds!: number | null;
  @IdColumn('created_by_user_id', { nullable: true }) createdByUserId!: UserId | null;
  @StringColumn('created_by_username', 80, { nullable: true }) createdByUsername!: string | null;
  @IdColumn('retry_of_command_id', { nullable: true }) retryOfCommandId!: CommandId | null;
  @InstantColumn('created_at') createdAt!: Date;
  /** When a poll claimed it; null while it is pending. */
  @InstantColumn('started_at', { nullable: true }) startedAt!: Date | null;
  /**
   * Whether the agent said what it holds when it claimed the command: it keeps a journal, so the command may be handed out
   * again. One without a journal may have run it and know nothing of it. Null while it is pending.
   */
  @BooleanColumn('is_journaled', { nullable: true }) isJournaled!: boolean | null;
  @InstantColumn('completed_at', { nullable: true }) completedAt!: Date | null;
  @InstantColumn('expires_at') expiresAt!: Date;
  @StringColumn('error_code', 80, { nullable: true }) errorCode!: string | null;
  @StringColumn('error_message', 500, { nullable: true }) errorMessage!: string | null;
}
