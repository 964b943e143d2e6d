import { randomBytes } from 'node:crypto';
import { copyAsJson } from '../base/json-copy.js';
import { asError } from '../base/thrown.js';
import type { StoredCredential, TokenStore } from '../base/types.js';
import { withTimeLimit } from '../base/waiting.js';
import { isCredential } from './token-store.js';

/** Of one call of a token store. */
const LIMIT_SECONDS = 10;
const KEY_BYTES = 32;
const KEY = /^[\w-]{22,200}$/;

/** A token store of the service, of which nothing is believed: every call ends in time, with a sound value or a plain error. */
export class GuardedStore {
  // A `#` field, so that inspecting an agent does not print it.
  readonly #ownKey = randomBytes(KEY_BYTES).toString('base64url');

  constructor(private readonly store: TokenStore) {}

  /** The stored credential, or null without one. @throws Error */
  async load(): Promise<StoredCredential | null> {
    const loaded = await inTime(() => this.store.load(), 'Loading the agent token');
    const { value = null } = copyAsJson(loaded, 'credential');
    if (value === null) return null;
    if (!isCredential(value)) throw new Error("The token store does not hold an agent's credential.");
    return value;
  }

  /** @throws Error */
  async save(credential: StoredCredential): Promise<void> {
    await inTime(() => this.store.save(credential), 'Storing the agent token');
  }

  /** Proves, as far as the store can, that a credential could be saved; returns the key to register with. @throws Error */
  async prepare(agentCode: string): Promise<string> {
    const key: unknown = await inTime(() => this.store.prepare?.(agentCode), 'Preparing the token store');
    return typeof key === 'string' && KEY.test(key) ? key : this.#ownKey;
  }
}

const inTime = async <T>(work: () => T | Promise<T>, subject: string): Promise<T> => {
  try {
    return await withTimeLimit(work, LIMIT_SECONDS, subject);
  } catch (error) {
    throw asError(error);
  }
};
