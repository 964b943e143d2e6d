import { MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH, type ValidationIssue } from '#contracts';
import { validationFailed } from '../../common/errors/domain-error.js';
import { isCommonPassword } from './common-passwords.js';

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
