import { MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH, type ValidationIssue } from '#contracts';
import { validationFailed } from '../../../common/errors.js';

/** Shorter names occur in too many words. */
const MIN_NAME_LENGTH = 3;

let known: ReadonlySet<string> | null = null;

/**
 * The 49,000 most used passwords, in lower case. Unpacking them takes time and memory, so that waits until a password is set for
 * the first time.
 */
const commonPasswords = async (): Promise<ReadonlySet<string>> => {
  if (known) return known;
  const { dictionary } = await import('@zxcvbn-ts/language-common');
  known ??= new Set(dictionary['passwords-common']);
  return known;
};

/** Returns the password without digits and marks added around a word. */
const coreOf = (password: string): string => password.replace(/^[^\p{L}]+/u, '').replace(/[^\p{L}]+$/u, '');

/** Returns the repeated part of a password that only repeats it; otherwise the password. */
const unitOf = (password: string): string => /^(.{4,}?)\1+$/su.exec(password)?.[1] ?? password;

/** Whether it is one of the most used passwords, ignoring case, added digits and marks, and repetition. */
const isCommonPassword = async (password: string): Promise<boolean> => {
  const common = await commonPasswords();
  const lower = password.toLowerCase();
  const core = coreOf(lower);
  return [lower, core, unitOf(lower), unitOf(core)].some((form) => common.has(form));
};

const hasName = (password: string, username: string): boolean =>
  username.length >= MIN_NAME_LENGTH && password.toLowerCase().includes(username.toLowerCase());

/** The rules that a new password of this user breaks; `path` is the field it came in. */
export const passwordIssues = async (
  path: string,
  password: string,
  username: string,
): Promise<readonly ValidationIssue[]> => {
  if (password.length < MIN_PASSWORD_LENGTH || password.length > MAX_PASSWORD_LENGTH) {
    return [{ path, message: `${path} must have ${MIN_PASSWORD_LENGTH} to ${MAX_PASSWORD_LENGTH} characters` }];
  }
  return [
    ...(hasName(password, username) ? [{ path, message: `${path} must not contain the user name` }] : []),
    ...((await isCommonPassword(password)) ? [{ path, message: `${path} is one of the most used passwords` }] : []),
  ];
};

/** Applies the policy; called wherever a password is set. @throws VALIDATION_FAILED */
export const requireGoodPassword = async (path: string, password: string, username: string): Promise<void> => {
  const issues = await passwordIssues(path, password, username);
  if (issues.length > 0) throw validationFailed(issues);
};
