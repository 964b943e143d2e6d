import type { Role, UserStatus } from './enums.js';
import type { Instant, SessionId, UserId } from './ids.js';

export const SESSION_COOKIE = 'opstage_session';
/** Remembers who has signed in on a browser; it opens nothing. */
export const DEVICE_COOKIE = 'opstage_device';
export const CSRF_HEADER = 'x-csrf-token';

export interface LoginRequest {
  readonly username: string;
  readonly password: string;
}

export interface SessionUser {
  readonly id: UserId;
  readonly username: string;
  readonly displayName: string | null;
  readonly role: Role;
  readonly status: UserStatus;
}

/** Answer to login and to `GET /auth/me`. */
export interface SessionInfo {
  readonly user: SessionUser;
  readonly csrfToken: string;
  readonly expiresAt: Instant;
}

export interface CsrfInfo {
  readonly csrfToken: string;
}

export interface ChangePasswordRequest {
  readonly currentPassword: string;
  readonly newPassword: string;
}

/** Answer of calls that have nothing else to say. */
export interface Done {
  readonly done: true;
}

/** A session that lives: where it was opened, and when it was last used. */
export interface SessionSummary {
  readonly id: SessionId;
  /** Whether it is the one that asks. */
  readonly current: boolean;
  readonly ipAddress: string | null;
  readonly userAgent: string | null;
  readonly createdAt: Instant;
  /** To the minute. */
  readonly lastSeenAt: Instant;
  /** When it ends if it is not used before; when it ends at the latest, once that is sooner. */
  readonly expiresAt: Instant;
}

export interface EndedSessions {
  /** How many there were to end. */
  readonly ended: number;
}
