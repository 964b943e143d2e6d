import { DomainError } from '../../common/errors.js';

const ASK = 'Ask an operator for a new one.';

export const registrationTokenNotFound = (id: string) =>
  new DomainError('REGISTRATION_TOKEN_NOT_FOUND', `There is no registration token ${id}.`);

export const registrationTokenInvalid = () =>
  new DomainError('REGISTRATION_TOKEN_INVALID', `This registration token does not exist. ${ASK}`);

export const registrationTokenForAnother = () =>
  new DomainError('REGISTRATION_TOKEN_INVALID', `The registration token is for a different agent code. ${ASK}`);

export const registrationTokenExpired = () =>
  new DomainError('REGISTRATION_TOKEN_EXPIRED', `The registration token has expired. ${ASK}`);

export const registrationTokenRevoked = () =>
  new DomainError('REGISTRATION_TOKEN_REVOKED', `The registration token was revoked. ${ASK}`);

export const registrationTokenUsed = () =>
  new DomainError('REGISTRATION_TOKEN_USED', `The registration token was already used; each token works once. ${ASK}`);

export const registrationTokenNotActive = (status: string) =>
  new DomainError(
    'REGISTRATION_TOKEN_NOT_ACTIVE',
    `Only an active registration token can be revoked; it is ${status}.`,
  );

export const registrationTokenNotDeletable = (status: string) =>
  new DomainError(
    'REGISTRATION_TOKEN_NOT_DELETABLE',
    `Only an expired or revoked registration token can be deleted; this one is ${status}.`,
  );

export const addressNotAllowed = () =>
  new DomainError('ADDRESS_NOT_ALLOWED', 'The registration token cannot be used from this network address.');
