import { MAX_PASSKEYS_PER_USER, type PasskeyCeremony } from '#contracts';
import { DomainError } from '../../common/errors.js';

export const sessionNotFound = (id: string) => new DomainError('SESSION_NOT_FOUND', `There is no session ${id}.`);

export const secondFactorRequired = (details: PasskeyCeremony) =>
  new DomainError('SECOND_FACTOR_REQUIRED', 'The password is right; now use one of your passkeys.', { details });

export const passkeyEnrolmentRequired = () =>
  new DomainError('PASSKEY_ENROLMENT_REQUIRED', 'Your role requires a passkey; register one first.');

export const confirmationRequired = () =>
  new DomainError(
    'CONFIRMATION_REQUIRED',
    'Confirm who you are with POST /api/admin/auth/confirm, then repeat the request.',
  );

export const httpsRequired = () =>
  new DomainError(
    'HTTPS_REQUIRED',
    'This sign-in came over plain HTTP, but the session cookie of this server is sent over HTTPS only, so it would be lost. Open the https:// address. Without one: for use on this machine only, set OPSTAGE_PUBLIC_BASE_URL to its http://127.0.0.1 or http://localhost URL; behind a proxy with TLS, set OPSTAGE_PUBLIC_BASE_URL to the https:// URL and OPSTAGE_TRUST_PROXY.',
  );

export const passkeyNotFound = (id: string) => new DomainError('PASSKEY_NOT_FOUND', `You have no passkey ${id}.`);

export const passkeyRefused = () =>
  new DomainError('PASSKEY_REFUSED', 'The passkey could not be verified in time; start again.');

export const passkeyAlreadyRegistered = () =>
  new DomainError('PASSKEY_ALREADY_REGISTERED', 'This passkey is already registered; use another authenticator.');

export const passkeyLimitReached = () =>
  new DomainError(
    'PASSKEY_LIMIT_REACHED',
    `A user can have at most ${MAX_PASSKEYS_PER_USER} passkeys; remove one of yours first.`,
  );

export const lastPasskeyRequired = () =>
  new DomainError('PASSKEY_REQUIRED', 'Your role requires a passkey; register another one before you remove the last.');

export const ownPasskeyRequired = () =>
  new DomainError('PASSKEY_REQUIRED', 'Register a passkey of your own before you require one for the role owner.');

export const passkeysUnavailable = () =>
  new DomainError(
    'PASSKEYS_UNAVAILABLE',
    'Passkeys need a host name and HTTPS: set OPSTAGE_PUBLIC_BASE_URL, or open the console at localhost on the server itself.',
  );

export const passkeysElsewhere = (host: string) =>
  new DomainError(
    'PASSKEYS_UNAVAILABLE',
    `Your passkeys were registered for a host name other than ${host}; ask an owner, or the operator of the server, to reset them.`,
  );

export const userNotFound = (id: string) => new DomainError('USER_NOT_FOUND', `There is no user ${id}.`);

export const userAlreadyExists = (username: string) =>
  new DomainError('USER_ALREADY_EXISTS', `There is already a user named ${username}.`);

export const lastOwnerRequired = () =>
  new DomainError('LAST_OWNER_REQUIRED', 'At least one active owner must remain; make another user an owner first.');

export const cannotResetOwnPassword = () =>
  new DomainError('FORBIDDEN', 'Change your own password on your account page, with your current one.');

export const cannotResetOwnPasskeys = () =>
  new DomainError('FORBIDDEN', 'Remove your own passkeys on your account page, with your password.');
