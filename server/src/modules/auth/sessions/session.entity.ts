import { Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation, Unique } from 'typeorm';
import type { SessionId, SessionSummary, UserId } from '#contracts';
import { toInstant } from '../../../common/clock.js';
import { IdColumn, InstantColumn, IntegerColumn, StringColumn } from '../../../database/columns.js';
import { UserEntity } from '../users/user.entity.js';

@Entity('sessions')
@Unique('uq_sessions_id_hash', ['idHash'])
@Index('ix_sessions_user_id', ['userId'])
@Index('ix_sessions_expires_at', ['expiresAt'])
export class SessionEntity {
  @PrimaryColumn({ name: 'id', type: 'varchar', length: 40, primaryKeyConstraintName: 'pk_sessions' }) id!: SessionId;
  @IdColumn('user_id') userId!: UserId;
  @ManyToOne(() => UserEntity, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'user_id', foreignKeyConstraintName: 'fk_sessions_user_id' })
  user?: Relation<UserEntity>;
  /** SHA-256 of the random id in the cookie, in hex. */
  @StringColumn('id_hash', 64) idHash!: string;
  /** The CSRF token is a signature over it, so the stored value alone is of no use. */
  @StringColumn('csrf_salt', 64) csrfSalt!: string;
  /** The session has ended once the user's own epoch differs. */
  @IntegerColumn('user_session_epoch') userSessionEpoch!: number;
  @StringColumn('ip_address', 64, { nullable: true }) ipAddress!: string | null;
  @StringColumn('user_agent', 300, { nullable: true }) userAgent!: string | null;
  @InstantColumn('created_at') createdAt!: Date;
  /** Written at most once a minute. */
  @InstantColumn('last_seen_at', { default: 0 }) lastSeenAt!: Date;
  @InstantColumn('expires_at') expiresAt!: Date;
  /** When the user last proved who they are, by the sign-in or in the open session. */
  @InstantColumn('confirmed_at', { default: 0 }) confirmedAt!: Date;
}

/** A session that has not ended, with its user. */
export interface LiveSession {
  readonly session: SessionEntity;
  readonly user: UserEntity;
}

/** The session as the API lists it; `own` is the session of the caller. */
export const toSessionSummary = (session: SessionEntity, own: SessionId): SessionSummary => ({
  id: session.id,
  current: session.id === own,
  ipAddress: session.ipAddress,
  userAgent: session.userAgent,
  createdAt: toInstant(session.createdAt),
  lastSeenAt: toInstant(session.lastSeenAt),
  expiresAt: toInstant(session.expiresAt),
});
