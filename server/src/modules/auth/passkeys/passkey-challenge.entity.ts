import { Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import type { UserId } from '#contracts';
import { IdColumn, InstantColumn, IntegerColumn, StringColumn } from '../../../database/columns.js';
import { UserEntity } from '../users/user.entity.js';

/** What a challenge is for. */
export const ChallengePurpose = {
  SIGN_IN: 'SIGN_IN',
  REGISTRATION: 'REGISTRATION',
  CONFIRMATION: 'CONFIRMATION',
} as const;
export type ChallengePurpose = (typeof ChallengePurpose)[keyof typeof ChallengePurpose];

/** A challenge for an authenticator to sign; it ends with the answer or when its time is up. */
@Entity('passkey_challenges')
@Index('ix_passkey_challenges_user_id', ['userId'])
@Index('ix_passkey_challenges_expires_at', ['expiresAt'])
export class PasskeyChallengeEntity {
  /** SHA-256 of the ticket that comes with the answer. */
  @PrimaryColumn({
    name: 'ticket_hash',
    type: 'varchar',
    length: 64,
    primaryKeyConstraintName: 'pk_passkey_challenges',
  })
  ticketHash!: string;
  @IdColumn('user_id') userId!: UserId;
  @ManyToOne(() => UserEntity, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'user_id', foreignKeyConstraintName: 'fk_passkey_challenges_user_id' })
  user?: Relation<UserEntity>;
  @StringColumn('purpose', 20) purpose!: ChallengePurpose;
  @StringColumn('challenge', 100) challenge!: string;
  /** The challenge is void once the user's own epoch differs: whatever ends their sessions also ends it. */
  @IntegerColumn('user_session_epoch') userSessionEpoch!: number;
  @InstantColumn('expires_at') expiresAt!: Date;
}
