import { Injectable } from '@angular/core';
import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/browser';
import type { JsonObject, PasskeyCeremony } from '#contracts';

/** Why there is no answer from the authenticator; each has a text `common.passkeys.<reason>`. */
export type PasskeyFailure = 'cancelled' | 'exists' | 'elsewhere' | 'unsupported';

/** No passkey was made or used. */
export class PasskeyError extends Error {
  constructor(readonly reason: PasskeyFailure) {
    super(reason);
    this.name = 'PasskeyError';
  }
}

/** By the names that browsers give their errors (WebAuthn Level 3, 5.1.3 and 5.1.4). */
const REASONS: Readonly<Record<string, PasskeyFailure>> = {
  InvalidStateError: 'exists',
  SecurityError: 'elsewhere',
  NotSupportedError: 'unsupported',
};

const failureOf = (error: unknown): PasskeyError =>
  new PasskeyError((error instanceof Error ? REASONS[error.name] : undefined) ?? 'cancelled');

// Most pages never need it.
const library = () => import('@simplewebauthn/browser');

/** The browser's own dialog for passkeys. */
@Injectable({ providedIn: 'root' })
export class Authenticator {
  /** Whether this browser has passkeys, which it does at `localhost` and with HTTPS only. */
  get isSupported(): boolean {
    return 'PublicKeyCredential' in window;
  }

  /** Makes a passkey. @throws PasskeyError */
  async create({ options }: PasskeyCeremony): Promise<JsonObject> {
    const { startRegistration } = await this.#load();
    const optionsJSON = options as unknown as PublicKeyCredentialCreationOptionsJSON;
    return this.#ask(() => startRegistration({ optionsJSON }));
  }

  /** Uses one. @throws PasskeyError */
  async get({ options }: PasskeyCeremony): Promise<JsonObject> {
    const { startAuthentication } = await this.#load();
    const optionsJSON = options as unknown as PublicKeyCredentialRequestOptionsJSON;
    return this.#ask(() => startAuthentication({ optionsJSON }));
  }

  #load(): ReturnType<typeof library> {
    if (!this.isSupported) throw new PasskeyError('unsupported');
    return library();
  }

  async #ask(ask: () => Promise<object>): Promise<JsonObject> {
    try {
      return (await ask()) as JsonObject;
    } catch (error) {
      throw failureOf(error);
    }
  }
}
