import { Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation, Unique } from 'typeorm';
import type { CommandError, CommandId, CommandResult, CommandResultId, JsonObject } from '#contracts';
import { toInstant, toInstantOrNull } from '../../../common/clock.js';
import {
  BooleanColumn,
  IdColumn,
  InstantColumn,
  JsonColumn,
  StringColumn,
  TextColumn,
} from '../../../database/columns.js';
import { CommandEntity } from '../command.entity.js';

/** How a command ended on its agent; at most one per command. */
@Entity('command_results')
@Unique('uq_command_results_command_id', ['commandId'])
@Index('ix_command_results_key_expires_at', ['keyExpiresAt'])
export class CommandResultEntity {
  @PrimaryColumn({ name: 'id', type: 'varchar', length: 40, primaryKeyConstraintName: 'pk_command_results' })
  id!: CommandResultId;
  @IdColumn('command_id') commandId!: CommandId;
  @ManyToOne(() => CommandEntity, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'command_id', foreignKeyConstraintName: 'fk_command_results_command_id' })
  command?: Relation<CommandEntity>;
  @BooleanColumn('success') success!: boolean;
  @TextColumn('message', { nullable: true }) message!: string | null;
  @JsonColumn('data', { nullable: true }) data!: JsonObject | null;
  @JsonColumn('error', { nullable: true }) error!: CommandError | null;
  /** Of the redacted result; recognizes the same result when it is sent again. */
  @StringColumn('content_hash', 64) contentHash!: string;
  /** The one-time `generatedKey`, sealed; erased once it was shown or has expired. */
  @TextColumn('sealed_key', { nullable: true }) sealedKey!: string | null;
  @InstantColumn('key_expires_at', { nullable: true }) keyExpiresAt!: Date | null;
  /** By the agent's own clock. */
  @InstantColumn('started_at', { nullable: true }) startedAt!: Date | null;
  @InstantColumn('finished_at', { nullable: true }) finishedAt!: Date | null;
  @InstantColumn('reported_at') reportedAt!: Date;
  /** Whether it came after the command had expired or was cancelled. */
  @BooleanColumn('late') late!: boolean;
}

/** The result as users and its agent see it. */
export const toCommandResult = (result: CommandResultEntity): CommandResult => ({
  id: result.id,
  commandId: result.commandId,
  success: result.success,
  message: result.message,
  data: result.data,
  error: result.error,
  startedAt: toInstantOrNull(result.startedAt),
  finishedAt: toInstantOrNull(result.finishedAt),
  reportedAt: toInstant(result.reportedAt),
  late: result.late,
});
