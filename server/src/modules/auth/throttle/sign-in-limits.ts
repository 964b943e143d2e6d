import type { UserId } from '#contracts';
import { hashToken } from '../../../common/crypto/hashes.js';
import { rateLimitKey } from '../../../common/ip-address.js';
import type { SignInFailureEntity } from './sign-in-failure.entity.js';

/** The account of this name, whether there is one or not. */
export const accountSubject = (username: string): string => hashToken(`account ${username.toLowerCase()}`);

/** A signed-in user who is asked for the password once more. */
export const confirmationSubject = (id: UserId): string => hashToken(`confirmation ${id}`);

const FREE_FAILURES = 5;
const FIRST_DELAY_SECONDS = 2;
const MAX_DELAY_SECONDS = 300;
const ACCOUNT_MEMORY_SECONDS = 3_600;

const MAX_FAILURES_IN_WINDOW = 20;
const WINDOW_SECONDS = 60;

type Counted = Pick<SignInFailureEntity, 'failures' | 'lastFailedAt' | 'forgottenAt'>;

/** What refused passwords are counted for, and what follows from the count. */
export interface SignInLimit {
  /** What is counted, as it is stored. */
  readonly subject: string;
  /** How long a failure is remembered. */
  readonly memorySeconds: number;
  /** Whether each failure is remembered from then on, or all of them from the first one. */
  readonly isExtendedByEach: boolean;
  /** From when on another try is heard. */
  readonly openAt: (counted: Counted) => Date;
}

const after = (instant: Date, seconds: number): Date => new Date(instant.getTime() + seconds * 1000);

/** How long a try must wait after this many failures in a row: nothing for the first, then twice as long each time. */
export const delaySeconds = (failures: number): number =>
  failures < FREE_FAILURES ? 0 : Math.min(FIRST_DELAY_SECONDS * 2 ** (failures - FREE_FAILURES), MAX_DELAY_SECONDS);

const growingDelay = (subject: string): SignInLimit => ({
  subject,
  memorySeconds: ACCOUNT_MEMORY_SECONDS,
  isExtendedByEach: true,
  openAt: ({ failures, lastFailedAt }) => after(lastFailedAt, delaySeconds(failures)),
});

/** A growing delay for the account of this name; the same whether there is one or not. */
export const accountLimit = (username: string): SignInLimit => growingDelay(accountSubject(username));

/** A growing delay for a signed-in user who is asked for the password once more. */
export const confirmationLimit = (id: UserId): SignInLimit => growingDelay(confirmationSubject(id));

/** A growing delay for one device that has signed in to the account before. */
export const deviceLimit = (deviceId: string): SignInLimit => growingDelay(hashToken(`device ${deviceId}`));

/** So many failures a minute from one address, whatever names were tried. */
export const addressLimit = (address: string | null): SignInLimit => ({
  subject: hashToken(`address ${address === null ? 'unknown' : rateLimitKey(address)}`),
  memorySeconds: WINDOW_SECONDS,
  isExtendedByEach: false,
  openAt: ({ failures, forgottenAt, lastFailedAt }) => (failures < MAX_FAILURES_IN_WINDOW ? lastFailedAt : forgottenAt),
});
