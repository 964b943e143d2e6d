import { DomainError } from '../../common/errors/domain-error.js';

export const userNotFound = (id: string) => new DomainError('USER_NOT_FOUND', `There is no user ${id}.`);

export const userAlreadyExists = (username: string) =>
  new DomainError('USER_ALREADY_EXISTS', `There is already a user named ${username}.`);

export const lastOwnerRequired = () =>
  new DomainError('LAST_OWNER_REQUIRED', 'At least one active owner must remain; make another user an owner first.');

export const ownPasswordIsChanged = () =>
  new DomainError('FORBIDDEN', 'Change your own password on your account page, with the one you have.');
