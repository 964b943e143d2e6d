import type { Role, UserStatus } from './enums.js';
import type { Instant, SessionId, UserId } from './ids.js';

export const SESSION_COOKIE = 'opstage_session';
/** Marks a browser on which a user has signed in before; it grants no access. */
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

/** Response to login and to `GET /auth/me`. */
export interface SessionInfo {
  readonly user: SessionUser;
  readonly csrfToken: string;
  readonly expiresAt: Instant;
  /** Present only when the user must register a passkey before doing anything else in this session. */
  readonly passkeyEnrolmentRequired?: true;
}

export interface CsrfInfo {
  readonly csrfToken: string;
}

export interface ChangePasswordRequest {
  readonly currentPassword: string;
  readonly newPassword: string;
}

/** How long a sign-in, or a confirmation in an open session, counts for the requests that need one. */
export const CONFIRMATION_SECONDS = 300;

/** Response to `POST /auth/confirm`: the user proved again who they are. */
export interface Confirmation {
  readonly confirmedUntil: Instant;
}

/** Response of calls that return nothing else. */
export interface Done {
  readonly done: true;
}

/** An active session: where it was opened and when it was last used. */
export interface SessionSummary {
  readonly id: SessionId;
  /** Whether it is the session of this request. */
  readonly current: boolean;
  readonly ipAddress: string | null;
  readonly userAgent: string | null;
  readonly createdAt: Instant;
  /** Rounded to the minute. */
  readonly lastSeenAt: Instant;
  /** When it expires unless it is used before, but no later than its maximum lifetime. */
  readonly expiresAt: Instant;
}

export interface EndedSessions {
  /** Number of sessions that were ended. */
  readonly ended: number;
}
