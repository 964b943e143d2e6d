import { hashSync, type Options, verifySync } from '@node-rs/argon2';

/** Returns the hash of a password, made with these parameters and a salt of its own. */
export const hash = ({ password, parameters }: { readonly password: string; readonly parameters: Options }): string =>
  hashSync(password, parameters);

/** Returns whether the password fits the hash. @throws Error for a hash that cannot be read */
export const verify = ({ password, hash }: { readonly password: string; readonly hash: string }): boolean =>
  verifySync(hash, password);
