import { Injectable } from '@angular/core';
import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/browser';
import type { JsonObject, PasskeyCeremony } from '#contracts';

/** Why the authenticator gave no passkey; each reason has a text `common.passkeys.<reason>`. */
export type PasskeyFailure = 'cancelled' | 'exists' | 'elsewhere' | 'unsupported';

/** No passkey was made or used. */
export class PasskeyError extends Error {
  constructor(readonly reason: PasskeyFailure) {
    super(reason);
    this.name = 'PasskeyError';
  }
}

/** By the names of the browsers' errors (WebAuthn Level 3, 5.1.3 and 5.1.4). */
const REASONS: Readonly<Record<string, PasskeyFailure>> = {
  InvalidStateError: 'exists',
  SecurityError: 'elsewhere',
  NotSupportedError: 'unsupported',
};

const failureOf = (error: unknown): PasskeyError =>
  new PasskeyError((error instanceof Error ? REASONS[error.name] : undefined) ?? 'cancelled');

// Lazy, because few pages need it.
const library = () => import('@simplewebauthn/browser');

/** The browser's passkey dialog. */
@Injectable({ providedIn: 'root' })
export class Authenticator {
  /** Whether passkeys work here: only with HTTPS or at `localhost`. */
  get isSupported(): boolean {
    return 'PublicKeyCredential' in window;
  }

  /** Creates a passkey. @throws PasskeyError */
  async create({ options }: PasskeyCeremony): Promise<JsonObject> {
    const { startRegistration } = await this.#load();
    const optionsJSON = options as unknown as PublicKeyCredentialCreationOptionsJSON;
    return this.#ask(() => startRegistration({ optionsJSON }));
  }

  /** Signs with a passkey. @throws PasskeyError */
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
