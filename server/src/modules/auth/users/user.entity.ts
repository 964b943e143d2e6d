import { Entity, PrimaryColumn, Unique } from 'typeorm';
import type { Role, User, UserId, UserStatus } from '#contracts';
import { toInstant, toInstantOrNull } from '../../../common/clock.js';
import { BooleanColumn, InstantColumn, IntegerColumn, StringColumn } from '../../../database/columns.js';

@Entity('users')
@Unique('uq_users_username', ['username'])
export class UserEntity {
  @PrimaryColumn({ name: 'id', type: 'varchar', length: 40, primaryKeyConstraintName: 'pk_users' }) id!: UserId;
  /** In lower case: sign-in ignores case. */
  @StringColumn('username', 80) username!: string;
  @StringColumn('display_name', 200, { nullable: true }) displayName!: string | null;
  /** argon2id, in PHC string format. */
  @StringColumn('password_hash', 300) passwordHash!: string;
  /** Whether the password is still the one from the first start, which the environment or a terminal may still show. */
  @BooleanColumn('is_bootstrap_password', { default: false }) isBootstrapPassword!: boolean;
  @StringColumn('role', 20) role!: Role;
  @StringColumn('status', 20) status!: UserStatus;
  /** Sessions with a lower number have ended: raising it signs the user out everywhere. */
  @IntegerColumn('session_epoch') sessionEpoch!: number;
  /** With at least one passkey, the password alone no longer suffices. */
  @IntegerColumn('passkey_count', { default: 0 }) passkeyCount!: number;
  @InstantColumn('created_at') createdAt!: Date;
  @InstantColumn('updated_at') updatedAt!: Date;
  @InstantColumn('last_login_at', { nullable: true }) lastLoginAt!: Date | null;
}

/** The user as the API shows it. */
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
