import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

let known: ReadonlySet<string> | null = null;

/**
 * The 49,000 most used passwords, in lower case. It takes a moment and some memory to unpack them, and a password is rarely
 * set: so not before the first one is.
 */
const commonPasswords = (): ReadonlySet<string> => {
  if (known) return known;
  const { dictionary } = require('@zxcvbn-ts/language-common') as typeof import('@zxcvbn-ts/language-common');
  known = new Set(dictionary['passwords-common']);
  return known;
};

/** Without the digits and marks that are put around a word to make it pass. */
const coreOf = (password: string): string => password.replace(/^[^\p{L}]+/u, '').replace(/[^\p{L}]+$/u, '');

/** What is repeated, if nothing else is in it. */
const unitOf = (password: string): string => /^(.{4,}?)\1+$/su.exec(password)?.[1] ?? password;

/** Whether it is among the most used passwords, whatever its case, what is put around it, and how often it is repeated. */
export const isCommonPassword = (password: string): boolean => {
  const lower = password.toLowerCase();
  const core = coreOf(lower);
  return [lower, core, unitOf(lower), unitOf(core)].some((form) => commonPasswords().has(form));
};
