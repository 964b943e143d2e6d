import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto';

const ALGORITHM = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Derives a key for one purpose (HKDF-SHA-256, RFC 5869). It is a `KeyObject`, because Node turns a `Buffer` into one for each
 * signature, which takes four times as long as the signature.
 */
const deriveKey = (secret: string, purpose: string): KeyObject =>
  createSecretKey(Buffer.from(hkdfSync('sha256', secret, 'opstage-ce', purpose, 32)));

/** Signs with the first secret and verifies with every one, so that secrets can be rotated. */
export class Signer {
  readonly #first: KeyObject;
  readonly #keys: readonly KeyObject[];

  /** A signature for one purpose is not valid for another. */
  constructor(secrets: readonly string[], purpose: string) {
    this.#keys = secrets.map((secret) => deriveKey(secret, purpose));
    const [first] = this.#keys;
    if (!first) throw new Error('A signer needs at least one secret.');
    this.#first = first;
  }

  /** Returns the HMAC-SHA-256 of `message` in base64url. */
  sign(message: string): string {
    return mac(this.#first, message);
  }

  /** Whether the signature is the first secret's; any other must be renewed before its secret is dropped. */
  isCurrent(message: string, signature: string): boolean {
    return this.sign(message) === signature;
  }

  /** Whether the signature is any secret's; compared in constant time. */
  verify(message: string, signature: string): boolean {
    const given = Buffer.from(signature);
    return this.#keys.some((key) => {
      const expected = Buffer.from(mac(key, message));
      return expected.length === given.length && timingSafeEqual(expected, given);
    });
  }
}

const mac = (key: KeyObject, message: string): string => createHmac('sha256', key).update(message).digest('base64url');

/**
 * Seals values and signs messages with keys derived from the session secrets (HKDF-SHA-256, RFC 5869), one key per
 * purpose. The first secret seals and signs; every secret opens and verifies, so that secrets can be rotated.
 */
export class SecretBox {
  readonly #sealKeys: readonly KeyObject[];
  readonly #signer: Signer;

  constructor(secrets: readonly string[]) {
    this.#sealKeys = secrets.map((secret) => deriveKey(secret, 'seal'));
    this.#signer = new Signer(secrets, 'sign');
  }

  /** Encrypts and authenticates (AES-256-GCM, NIST SP 800-38D); opening takes the same `context`. */
  seal(plaintext: string, context: string): string {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(ALGORITHM, this.#firstKey(), nonce).setAAD(Buffer.from(context));
    const body = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url');
  }

  /** Returns the plaintext; null when no secret opens it: it was changed, or sealed for another context or installation. */
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
        // Another secret may still open it.
      }
    }
    return null;
  }

  /** Returns the HMAC-SHA-256 of `message` in base64url. */
  sign(message: string): string {
    return this.#signer.sign(message);
  }

  /** Whether the signature is any secret's; compared in constant time. */
  verify(message: string, signature: string): boolean {
    return this.#signer.verify(message, signature);
  }

  #firstKey(): KeyObject {
    const key = this.#sealKeys[0];
    if (!key) throw new Error('A SecretBox needs at least one secret.');
    return key;
  }
}
