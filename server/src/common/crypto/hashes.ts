import { hash, randomBytes } from 'node:crypto';

/** A new credential: `prefix` and 256 random bits in base64url. */
export const makeToken = (prefix: string): string => prefix + randomBytes(32).toString('base64url');

/** SHA-256 in hex: all that is kept of a credential. */
export const hashToken = (token: string): string => hash('sha256', token, 'hex');
