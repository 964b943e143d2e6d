import { createHmac, createSecretKey, hkdfSync, timingSafeEqual, type KeyObject } from 'node:crypto';

/**
 * A key for one purpose (HKDF-SHA-256, RFC 5869). A `KeyObject`, because Node makes one of a `Buffer` for each signature,
 * which takes four times as long as the signature.
 */
export const deriveKey = (secret: string, purpose: string): KeyObject =>
  createSecretKey(Buffer.from(hkdfSync('sha256', secret, 'opstage-ce', purpose, 32)));

/** Signs with the first secret and verifies with every one, so that secrets can be rotated. */
export class Signer {
  readonly #first: KeyObject;
  readonly #keys: readonly KeyObject[];

  /** A signature made for one purpose is none for another. */
  constructor(secrets: readonly string[], purpose: string) {
    this.#keys = secrets.map((secret) => deriveKey(secret, purpose));
    const [first] = this.#keys;
    if (!first) throw new Error('A signer needs at least one secret.');
    this.#first = first;
  }

  /** HMAC-SHA-256 of `message` in base64url. */
  sign(message: string): string {
    return mac(this.#first, message);
  }

  /** Whether the first secret gives this signature: else it is to be renewed before its secret is given up. */
  isCurrent(message: string, signature: string): boolean {
    return this.sign(message) === signature;
  }

  /** Whether any secret gives this signature; compared in constant time. */
  verify(message: string, signature: string): boolean {
    const given = Buffer.from(signature);
    return this.#keys.some((key) => {
      const expected = Buffer.from(mac(key, message));
      return expected.length === given.length && timingSafeEqual(expected, given);
    });
  }
}

const mac = (key: KeyObject, message: string): string => createHmac('sha256', key).update(message).digest('base64url');
