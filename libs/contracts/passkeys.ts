import type { Role } from './enums.js';
import type { JsonObject } from './envelope.js';
import type { Instant, PasskeyId } from './ids.js';

export const MAX_PASSKEYS_PER_USER = 10;
export const MAX_PASSKEY_NAME_LENGTH = 80;

/** A key pair on a device of the user (WebAuthn); the server has the public half only. */
export interface Passkey {
  readonly id: PasskeyId;
  readonly name: string;
  /** The host name it works at. */
  readonly host: string;
  /** How a browser may reach it: `internal`, `hybrid`, `usb`, `nfc`, `ble`. */
  readonly transports: readonly string[];
  /** Whether its provider keeps copies on other devices. */
  readonly isBackedUp: boolean;
  readonly createdAt: Instant;
  readonly lastUsedAt: Instant | null;
}

/**
 * What a browser asks an authenticator for. `ticket` goes back with the answer: once, by the same user, before
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

/** Asked again before one's own passkeys change. */
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

/** How people sign in. */
export interface SignInSettings {
  /** Users of these roles do nothing before they have a passkey. */
  readonly passkeyRequiredRoles: readonly Role[];
}

export type UpdateSignInSettingsRequest = Partial<SignInSettings>;
