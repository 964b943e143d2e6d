import type { UserId } from '#contracts';
import type { ClientInfo } from '../../../common/actor.js';
import { secondsAfter } from '../../../common/clock.js';
import { hashToken } from '../../../common/crypto/hashes.js';
import { rateLimitKey } from '../../../common/ip-address.js';
import type { AttemptSource } from './password-queue.js';
import type { SignInFailureEntity } from './sign-in-failure.entity.js';

const FREE_FAILURES = 5;
const FIRST_DELAY_SECONDS = 2;
const MAX_DELAY_SECONDS = 300;
const ACCOUNT_MEMORY_SECONDS = 3_600;

const MAX_FAILURES_IN_WINDOW = 20;
const WINDOW_SECONDS = 60;

type FailureCount = Pick<SignInFailureEntity, 'failures' | 'lastFailedAt' | 'forgottenAt'>;

/** What failed attempts are counted for, and how long the count blocks further ones. */
export interface SignInLimit {
  /** The key of the count, hashed. */
  readonly subject: string;
  /** How long a failure is remembered. */
  readonly memorySeconds: number;
  /** Whether the memory runs from the last failure, or from the first one. */
  readonly isExtendedByEach: boolean;
  /** When the next attempt is allowed. */
  readonly openAt: (counted: FailureCount) => Date;
}

/** The limits of one attempt. */
export interface SignInLimits {
  /** Which queue it waits in: known devices and signed-in users never wait behind unknown clients. */
  readonly queue: 'signed-in' | 'known-device' | 'unknown';
  /** Whom it takes turns for in that queue. */
  readonly source: AttemptSource;
  readonly all: readonly SignInLimit[];
  /** The limits that a success clears; that of an address is not among them. */
  readonly clearedBySuccess: readonly SignInLimit[];
}

/** A browser on which a user has signed in before. */
export interface KnownDevice {
  readonly id: string;
  readonly userId: UserId;
}

/** Where a sign-in comes from. */
export interface SignInClient {
  readonly origin: ClientInfo;
  /** Null for a browser on which no user has signed in yet. */
  readonly device: KnownDevice | null;
}

/** What the limits need to know about a user. */
interface LimitedUser {
  readonly id: UserId;
  readonly sessionEpoch: number;
}

/** How many seconds the next attempt has to wait: 0 for the first failures, then twice as long each time. */
export const delaySeconds = (failures: number): number =>
  failures < FREE_FAILURES ? 0 : Math.min(FIRST_DELAY_SECONDS * 2 ** (failures - FREE_FAILURES), MAX_DELAY_SECONDS);

const growingDelay = (subject: string): SignInLimit => ({
  subject: hashToken(subject),
  memorySeconds: ACCOUNT_MEMORY_SECONDS,
  isExtendedByEach: true,
  openAt: ({ failures, lastFailedAt }) => secondsAfter(lastFailedAt, delaySeconds(failures)),
});

/**
 * A growing delay for an account name, whether or not the account exists. The session epoch is part of the key: a
 * password reset raises it, and so starts a new count.
 */
export const accountLimit = (username: string, sessionEpoch: number): SignInLimit =>
  growingDelay(`account ${username.toLowerCase()} ${sessionEpoch}`);

/** A growing delay for a signed-in user who has to confirm the password; a password reset starts a new count. */
const confirmationLimit = ({ id, sessionEpoch }: LimitedUser): SignInLimit =>
  growingDelay(`confirmation ${id} ${sessionEpoch}`);

/** A growing delay for one device that has signed in to the account before. */
const deviceLimit = (deviceId: string): SignInLimit => growingDelay(`device ${deviceId}`);

/** A fixed number of failures a minute for one address, whatever names were tried. */
export const addressLimit = (address: string | null): SignInLimit => ({
  subject: hashToken(`address ${rateLimitKey(address)}`),
  memorySeconds: WINDOW_SECONDS,
  isExtendedByEach: false,
  openAt: ({ failures, forgottenAt, lastFailedAt }) => (failures < MAX_FAILURES_IN_WINDOW ? lastFailedAt : forgottenAt),
});

/** The limits of a sign-in with this name; `user` is null when no account has it, which changes nothing observable. */
export const signInLimits = (
  username: string,
  user: LimitedUser | null,
  { device, origin }: SignInClient,
): SignInLimits => {
  const source = { name: username, address: rateLimitKey(origin.ipAddress) };
  if (device && device.userId === user?.id) {
    const limit = deviceLimit(device.id);
    return { queue: 'known-device', source, all: [limit], clearedBySuccess: [limit] };
  }
  const account = accountLimit(username, user?.sessionEpoch ?? 0);
  return { queue: 'unknown', source, all: [account, addressLimit(origin.ipAddress)], clearedBySuccess: [account] };
};

/** The limits of a signed-in user who has to confirm the password; failed sign-ins of others do not count. */
export const confirmationLimits = (user: LimitedUser): SignInLimits => {
  const limit = confirmationLimit(user);
  return { queue: 'signed-in', source: { name: user.id, address: null }, all: [limit], clearedBySuccess: [limit] };
};
