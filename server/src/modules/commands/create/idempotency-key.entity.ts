import { Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import type { CommandId } from '#contracts';
import { IdColumn, InstantColumn, StringColumn } from '../../../database/columns.js';
import { CommandEntity } from '../command.entity.js';

/** Which request created which command, so that a repeated request finds it. */
@Entity('idempotency_keys')
@Index('ix_idempotency_keys_command_id', ['commandId'])
@Index('ix_idempotency_keys_created_at', ['createdAt'])
export class IdempotencyKeyEntity {
  /** SHA-256 of the user and their key. */
  @PrimaryColumn({ name: 'key_hash', type: 'varchar', length: 64, primaryKeyConstraintName: 'pk_idempotency_keys' })
  keyHash!: string;
  /** Signed instead of hashed: a payload may hold a secret that could be guessed from a hash. */
  @StringColumn('request_signature', 64) requestSignature!: string;
  @IdColumn('command_id') commandId!: CommandId;
  @ManyToOne(() => CommandEntity, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'command_id', foreignKeyConstraintName: 'fk_idempotency_keys_command_id' })
  command?: Relation<CommandEntity>;
  @InstantColumn('created_at') createdAt!: Date;
}
