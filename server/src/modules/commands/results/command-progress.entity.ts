import { Entity, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import type { CommandId, CommandProgress } from '#contracts';
import { toInstant } from '../../../common/clock.js';
import { BooleanColumn, InstantColumn, IntegerColumn, JsonColumn, StringColumn } from '../../../database/columns.js';
import { CommandEntity } from '../command.entity.js';

/** The last progress that the agent reported for a command; there is no row before the first report. */
@Entity('command_progress')
export class CommandProgressEntity {
  @PrimaryColumn({
    name: 'command_id',
    type: 'varchar',
    length: 40,
    primaryKeyConstraintName: 'pk_command_progress',
  })
  commandId!: CommandId;
  @ManyToOne(() => CommandEntity, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'command_id', foreignKeyConstraintName: 'fk_command_progress_command_id' })
  command?: Relation<CommandEntity>;
  @IntegerColumn('percent', { nullable: true }) percent!: number | null;
  @StringColumn('message', 500, { nullable: true }) message!: string | null;
  /** The newest lines, oldest first. */
  @JsonColumn('log') log!: readonly string[];
  /** A private key began in an earlier report and has not ended. */
  @BooleanColumn('in_key_block', { default: false }) inKeyBlock!: boolean;
  @InstantColumn('updated_at') updatedAt!: Date;
}

/** The progress as users see it. */
export const toCommandProgress = ({ percent, message, log, updatedAt }: CommandProgressEntity): CommandProgress => ({
  percent,
  message,
  log,
  updatedAt: toInstant(updatedAt),
});
