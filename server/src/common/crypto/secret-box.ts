import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';

const ALGORITHM = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

const deriveKey = (secret: string, purpose: string): Buffer =>
  Buffer.from(hkdfSync('sha256', secret, 'opstage-ce', purpose, 32));

/**
 * Seals values and signs messages with keys derived from the session secrets (HKDF-SHA-256, RFC 5869), one key per
 * purpose. The first secret seals and signs; every secret opens and verifies, so that secrets can be rotated.
 */
export class SecretBox {
  readonly #sealKeys: readonly Buffer[];
  readonly #signKeys: readonly Buffer[];

  constructor(secrets: readonly string[]) {
    this.#sealKeys = secrets.map((secret) => deriveKey(secret, 'seal'));
    this.#signKeys = secrets.map((secret) => deriveKey(secret, 'sign'));
  }

  /** Encrypts and authenticates (AES-256-GCM, NIST SP 800-38D); `context` must be the same when it is opened. */
  seal(plaintext: string, context: string): string {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(ALGORITHM, this.#first(this.#sealKeys), nonce).setAAD(Buffer.from(context));
    const body = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url');
  }

  /** The plaintext, or null when no secret opens it: it was changed, or sealed for another context or installation. */
  open(sealed: string, context: string): string | null {
    const bytes = Buffer.from(sealed, 'base64url');
    if (bytes.length < NONCE_BYTES + TAG_BYTES) return null;
    for (const key of this.#sealKeys) {
      try {
        const decipher = createDecipheriv(ALGORITHM, key, bytes.subarray(0, NONCE_BYTES))
          .setAAD(Buffer.from(context))
          .setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
        return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]).toString();
      } catch {
        // Not this key: an older or a newer secret may still open it.
      }
    }
    return null;
  }

  /** HMAC-SHA-256 of `message` in base64url. */
  sign(message: string): string {
    return createHmac('sha256', this.#first(this.#signKeys)).update(message).digest('base64url');
  }

  /** Whether any secret gives this signature; compared in constant time. */
  verify(message: string, signature: string): boolean {
    const given = Buffer.from(signature);
    return this.#signKeys.some((key) => {
      const expected = Buffer.from(createHmac('sha256', key).update(message).digest('base64url'));
      return expected.length === given.length && timingSafeEqual(expected, given);
    });
  }

  #first(keys: readonly Buffer[]): Buffer {
    const key = keys[0];
    if (!key) throw new Error('A SecretBox needs at least one secret.');
    return key;
  }
}
