import { createRequire } from 'node:module';
import { MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH, type ValidationIssue } from '#contracts';
import { validationFailed } from '../../../common/errors.js';

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

/** A shorter name is in too many words to say anything. */
const MIN_NAME_LENGTH = 3;

const hasName = (password: string, username: string): boolean =>
  username.length >= MIN_NAME_LENGTH && password.toLowerCase().includes(username.toLowerCase());

/** What is wrong with a new password for this user; `path` is the field it came in. */
export const passwordIssues = (path: string, password: string, username: string): readonly ValidationIssue[] => {
  if (password.length < MIN_PASSWORD_LENGTH || password.length > MAX_PASSWORD_LENGTH) {
    return [{ path, message: `${path} must have ${MIN_PASSWORD_LENGTH} to ${MAX_PASSWORD_LENGTH} characters` }];
  }
  return [
    ...(hasName(password, username) ? [{ path, message: `${path} must not contain the user name` }] : []),
    ...(isCommonPassword(password) ? [{ path, message: `${path} is one of the most used passwords` }] : []),
  ];
};

/** Stands wherever a password is set. @throws VALIDATION_FAILED */
export const requireGoodPassword = (path: string, password: string, username: string): void => {
  const issues = passwordIssues(path, password, username);
  if (issues.length > 0) throw validationFailed(issues);
};
