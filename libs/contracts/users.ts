import type { Role, UserStatus } from './enums.js';
import type { Instant, UserId } from './ids.js';

export const MIN_PASSWORD_LENGTH = 12;
export const MAX_PASSWORD_LENGTH = 256;

export interface User {
  readonly id: UserId;
  readonly username: string;
  readonly displayName: string | null;
  readonly role: Role;
  readonly status: UserStatus;
  /** With a passkey, the password alone is not enough to sign in. */
  readonly passkeyCount: number;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
  readonly lastLoginAt: Instant | null;
}

export interface CreateUserRequest {
  readonly username: string;
  readonly password: string;
  readonly role: Role;
  readonly displayName?: string;
}

export interface UpdateUserRequest {
  readonly role?: Role;
  readonly status?: UserStatus;
  readonly displayName?: string | null;
}

export interface ResetPasswordRequest {
  /** Required, unless it goes by its other name. */
  readonly password?: string;
  readonly newPassword?: string;
}
