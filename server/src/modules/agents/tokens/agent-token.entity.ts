import { Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation, Unique } from 'typeorm';
import type { AgentId, AgentTokenId } from '#contracts';
import { IdColumn, InstantColumn, StringColumn } from '../../../database/columns.js';
import { AgentEntity } from '../agent.entity.js';

/** A token an agent authenticates with, as its hash. */
@Entity('agent_tokens')
@Unique('uq_agent_tokens_token_hash', ['tokenHash'])
@Index('ix_agent_tokens_agent_id', ['agentId'])
export class AgentTokenEntity {
  @PrimaryColumn({ name: 'id', type: 'varchar', length: 40, primaryKeyConstraintName: 'pk_agent_tokens' })
  id!: AgentTokenId;
  @IdColumn('agent_id') agentId!: AgentId;
  @ManyToOne(() => AgentEntity, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'agent_id', foreignKeyConstraintName: 'fk_agent_tokens_agent_id' })
  agent?: Relation<AgentEntity>;
  /** SHA-256 in hex. */
  @StringColumn('token_hash', 64) tokenHash!: string;
  @InstantColumn('created_at') createdAt!: Date;
  /** When a newer token replaced it. Revoking the agent does not set this, so that the error can say why. */
  @InstantColumn('revoked_at', { nullable: true }) revokedAt!: Date | null;
  /** When it stops being valid because its agent asked for another; null for the current token. */
  @InstantColumn('retires_at', { nullable: true }) retiresAt!: Date | null;
  /** Of a registration's token, until the token is first used: repeating the registration then replaces it. */
  @StringColumn('enrolment_key_hash', 64, { nullable: true }) enrolmentKeyHash!: string | null;
}
