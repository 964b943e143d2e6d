import { hash, randomBytes } from 'node:crypto';

/** A new credential: `prefix` and 256 random bits in base64url. */
export const makeToken = (prefix: string): string => prefix + randomBytes(32).toString('base64url');

/** SHA-256 in hex: all that is kept of a credential. */
export const hashToken = (token: string): string => hash('sha256', token, 'hex');

const sortedKeys = (object: object): object =>
  Object.fromEntries(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1)));

/** JSON with the keys of every object in order, so that equal content is equal text. */
export const canonicalJson = (value: unknown): string =>
  JSON.stringify(value, (_, item: unknown) =>
    typeof item === 'object' && item !== null && !Array.isArray(item) ? sortedKeys(item) : item,
  );
