import { Entity, Index, PrimaryColumn, Unique } from 'typeorm';
import type { AgentId, RegistrationToken, RegistrationTokenId, TokenStatus, UserId } from '#contracts';
import { toInstant, toInstantOrNull } from '../../../common/clock.js';
import { IdColumn, InstantColumn, JsonColumn, StringColumn } from '../../../database/columns.js';

@Entity('registration_tokens')
@Unique('uq_registration_tokens_token_hash', ['tokenHash'])
@Index('ix_registration_tokens_created_at', ['createdAt'])
@Index('ix_registration_tokens_status_expires_at', ['status', 'expiresAt'])
export class RegistrationTokenEntity {
  @PrimaryColumn({ name: 'id', type: 'varchar', length: 40, primaryKeyConstraintName: 'pk_registration_tokens' })
  id!: RegistrationTokenId;
  @StringColumn('name', 200, { nullable: true }) name!: string | null;
  /** SHA-256 in hex. */
  @StringColumn('token_hash', 64) tokenHash!: string;
  /** The prefix and the next few characters, to tell tokens apart. */
  @StringColumn('token_prefix', 40) tokenPrefix!: string;
  /** Stays ACTIVE until a maintenance run records the expiry: read it through {@link effectiveStatus}. */
  @StringColumn('status', 20) status!: TokenStatus;
  /** The only agent code it enrols; null enrols any. */
  @StringColumn('agent_code', 80, { nullable: true }) agentCode!: string | null;
  /** Networks it works from; empty for any. */
  @JsonColumn('allowed_cidrs') allowedCidrs!: readonly string[];
  @IdColumn('created_by_user_id', { nullable: true }) createdByUserId!: UserId | null;
  @InstantColumn('created_at') createdAt!: Date;
  /** Null never expires. */
  @InstantColumn('expires_at', { nullable: true }) expiresAt!: Date | null;
  @InstantColumn('used_at', { nullable: true }) usedAt!: Date | null;
  @IdColumn('used_by_agent_id', { nullable: true }) usedByAgentId!: AgentId | null;
  @InstantColumn('revoked_at', { nullable: true }) revokedAt!: Date | null;
}

/** The status at `now`, whether or not a maintenance run has recorded the expiry. */
export const effectiveStatus = ({ status, expiresAt }: RegistrationTokenEntity, now: Date): TokenStatus =>
  status === 'ACTIVE' && expiresAt !== null && expiresAt <= now ? 'EXPIRED' : status;

/** The token as the API returns it, without its hash. */
export const toRegistrationToken = (token: RegistrationTokenEntity, now: Date): RegistrationToken => ({
  id: token.id,
  name: token.name,
  tokenPrefix: token.tokenPrefix,
  status: effectiveStatus(token, now),
  agentCode: token.agentCode,
  allowedCidrs: token.allowedCidrs,
  createdByUserId: token.createdByUserId,
  createdAt: toInstant(token.createdAt),
  expiresAt: toInstantOrNull(token.expiresAt),
  usedAt: toInstantOrNull(token.usedAt),
  usedByAgentId: token.usedByAgentId,
  revokedAt: toInstantOrNull(token.revokedAt),
});
