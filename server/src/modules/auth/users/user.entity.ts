import { Entity, PrimaryColumn, Unique } from 'typeorm';
import type { Role, User, UserId, UserStatus } from '#contracts';
import { toInstant, toInstantOrNull } from '../../../common/clock.js';
import { BooleanColumn, InstantColumn, IntegerColumn, StringColumn } from '../../../database/columns.js';

@Entity('users')
@Unique('uq_users_username', ['username'])
export class UserEntity {
  @PrimaryColumn({ name: 'id', type: 'varchar', length: 40, primaryKeyConstraintName: 'pk_users' }) id!: UserId;
  /** Lower case: names are compared without regard to it. */
  @StringColumn('username', 80) username!: string;
  @StringColumn('display_name', 200, { nullable: true }) displayName!: string | null;
  /** argon2id, in PHC string format. */
  @StringColumn('password_hash', 300) passwordHash!: string;
  /** Whether the password is still the one of the first start, known from an environment or a terminal. */
  @BooleanColumn('is_bootstrap_password', { default: false }) isBootstrapPassword!: boolean;
  @StringColumn('role', 20) role!: Role;
  @StringColumn('status', 20) status!: UserStatus;
  /** Sessions opened under an earlier number have ended: raising it signs the user out everywhere. */
  @IntegerColumn('session_epoch') sessionEpoch!: number;
  /** How many passkeys there are: with one, the password alone signs nobody in. */
  @IntegerColumn('passkey_count', { default: 0 }) passkeyCount!: number;
  @InstantColumn('created_at') createdAt!: Date;
  @InstantColumn('updated_at') updatedAt!: Date;
  @InstantColumn('last_login_at', { nullable: true }) lastLoginAt!: Date | null;
}

export const toUser = (user: UserEntity): User => ({
  id: user.id,
  username: user.username,
  displayName: user.displayName,
  role: user.role,
  status: user.status,
  passkeyCount: user.passkeyCount,
  createdAt: toInstant(user.createdAt),
  updatedAt: toInstant(user.updatedAt),
  lastLoginAt: toInstantOrNull(user.lastLoginAt),
});
