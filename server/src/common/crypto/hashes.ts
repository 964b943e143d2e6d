import { hash, randomBytes } from 'node:crypto';

/** Returns a new credential: `prefix` and 256 random bits in base64url. */
export const makeToken = (prefix: string): string => prefix + randomBytes(32).toString('base64url');

/** Returns the SHA-256 of a credential in hex, the only form in which it is stored. */
export const hashToken = (token: string): string => hash('sha256', token, 'hex');

const sortedKeys = (object: object): object =>
  Object.fromEntries(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1)));

/** Returns JSON with the keys of every object sorted, so that equal content is equal text. */
export const canonicalJson = (value: unknown): string =>
  JSON.stringify(value, (_, item: unknown) =>
    typeof item === 'object' && item !== null && !Array.isArray(item) ? sortedKeys(item) : item,
  );

/** Returns the SHA-256 in hex of a value's canonical JSON: equal content has the same hash. */
export const contentHash = (value: unknown): string => hash('sha256', canonicalJson(value), 'hex');
