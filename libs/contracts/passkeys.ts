import type { Role } from './enums.js';
import type { JsonObject } from './envelope.js';
import type { Instant, PasskeyId } from './ids.js';

export const MAX_PASSKEYS_PER_USER = 10;
export const MAX_PASSKEY_NAME_LENGTH = 80;

/** A key pair on a user's device (WebAuthn); the server has only the public key. */
export interface Passkey {
  readonly id: PasskeyId;
  readonly name: string;
  /** The host name it works for. */
  readonly host: string;
  /** How browsers can reach it: `internal`, `hybrid`, `usb`, `nfc`, `ble`. */
  readonly transports: readonly string[];
  /** Whether its provider syncs it to other devices. */
  readonly isBackedUp: boolean;
  readonly createdAt: Instant;
  readonly lastUsedAt: Instant | null;
}

/**
 * The options a browser passes to an authenticator. The same user returns `ticket` with the response, once and before
 * `expiresAt`. Also the `details` of `SECOND_FACTOR_REQUIRED`.
 */
export interface PasskeyCeremony {
  readonly ticket: string;
  readonly expiresAt: Instant;
  /** `PublicKeyCredentialCreationOptionsJSON` or `PublicKeyCredentialRequestOptionsJSON` (WebAuthn Level 3). */
  readonly options: JsonObject;
}

/** The second step of a sign-in. */
export interface PasskeyLoginRequest {
  readonly ticket: string;
  /** `AuthenticationResponseJSON` (WebAuthn Level 3). */
  readonly response: JsonObject;
}

/** Confirms the user's password before a change to their own passkeys. */
export interface PasswordConfirmation {
  readonly currentPassword: string;
}

export interface RegisterPasskeyRequest {
  readonly ticket: string;
  readonly name: string;
  /** `RegistrationResponseJSON` (WebAuthn Level 3). */
  readonly response: JsonObject;
}

export interface RenamePasskeyRequest {
  readonly name: string;
}

/** Settings for signing in. */
export interface SignInSettings {
  /** Users with these roles must register a passkey before they can do anything else. */
  readonly passkeyRequiredRoles: readonly Role[];
}

export type UpdateSignInSettingsRequest = Partial<SignInSettings>;
