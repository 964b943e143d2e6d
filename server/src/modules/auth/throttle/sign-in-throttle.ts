import { Injectable } from '@nestjs/common';
import type { UserId } from '#contracts';
import { Clock } from '../../../common/clock.js';
import { DomainError } from '../../../common/errors.js';
import { Mutex } from '../../../common/mutex.js';
import type { Tx } from '../../../database/tx.js';
import type { SignInClient } from '../sign-in/cookies.js';
import type { UserEntity } from '../users/user.entity.js';
import { SignInFailuresRepository } from './sign-in-failures.repository.js';
import { accountLimit, addressLimit, confirmationLimit, deviceLimit, type SignInLimit } from './sign-in-limits.js';

/** Which limits a try falls under. */
export interface SignInLimits {
  /** Known devices have a queue of their own, and so do those who are signed in. */
  readonly lane: 'signed-in' | 'known' | 'unknown';
  readonly all: readonly SignInLimit[];
  /** Those that a success ends; that of an address is not one of them. */
  readonly own: readonly SignInLimit[];
}

/** Past it a flood from everywhere would only be heard long after its senders have gone. */
const MAX_WAITING = 50;
const BUSY_RETRY_SECONDS = 5;

const tooMany = (seconds: number) =>
  new DomainError('RATE_LIMITED', `Too many refused passwords; try again in ${seconds} s.`, {
    retryAfterSeconds: seconds,
  });

/**
 * Slows down whoever guesses passwords. What is counted rests in the database: a replica more is no try more, and a
 * restart forgets nothing. A device that has signed in to the account before is counted by itself and never waits for
 * what others do (see docs/decisions/0014): guessing from elsewhere locks nobody out of where they work.
 */
@Injectable()
export class SignInThrottle {
  /** A try is heard, checked and counted before the next one is heard: many at once are not more than one after the other. */
  readonly #lanes = { 'signed-in': new Mutex(), known: new Mutex(), unknown: new Mutex() };

  constructor(
    private readonly failures: SignInFailuresRepository,
    private readonly clock: Clock,
  ) {}

  /** The limits of a try for this name; `user` is who has it, if anybody. */
  limitsOf(username: string, user: UserEntity | null, { device, origin }: SignInClient): SignInLimits {
    if (device && device.userId === user?.id) {
      const limit = deviceLimit(device.id);
      return { lane: 'known', all: [limit], own: [limit] };
    }
    const account = accountLimit(username);
    return { lane: 'unknown', all: [account, addressLimit(origin.ipAddress)], own: [account] };
  }

  /** The limits of a signed-in user who is asked for the password once more; what others try to sign in as is not counted. */
  confirmationLimitsOf(id: UserId): SignInLimits {
    const limit = confirmationLimit(id);
    return { lane: 'signed-in', all: [limit], own: [limit] };
  }

  /**
   * Does `attempt`, which checks a password and counts a refused one, once those before it are done; calls `refuse`
   * instead while a limit is reached.
   * @throws RATE_LIMITED with the seconds to wait
   */
  async attempt<T>(limits: SignInLimits, attempt: () => Promise<T>, refuse: () => Promise<void>): Promise<T> {
    const lane = this.#lanes[limits.lane];
    await this.#admit(limits, refuse);
    if (lane.pending >= MAX_WAITING) {
      throw new DomainError('RATE_LIMITED', 'Too many passwords to check at once; try again.', {
        retryAfterSeconds: BUSY_RETRY_SECONDS,
      });
    }
    return lane.run(async () => {
      await this.#admit(limits, refuse);
      return attempt();
    });
  }

  /** Counts a refused try. The limits are taken in one order, so that two at once cannot lock each other out. */
  async countFailure(tx: Tx, { all }: SignInLimits): Promise<void> {
    const now = this.clock.now();
    for (const limit of all) await this.failures.add(limit, now, tx);
  }

  /** Forgets the refused tries that a success has explained. */
  async forget(tx: Tx, { own }: SignInLimits): Promise<void> {
    await this.failures.delete(
      own.map(({ subject }) => subject),
      tx,
    );
  }

  async #admit({ all }: SignInLimits, refuse: () => Promise<void>): Promise<void> {
    const now = this.clock.now();
    const counted = await this.failures.find(
      all.map(({ subject }) => subject),
      now,
    );
    const waits = counted.map((row) => {
      const limit = all.find(({ subject }) => subject === row.subject);
      return limit ? limit.openAt(row).getTime() - now.getTime() : 0;
    });
    const longest = Math.max(0, ...waits);
    if (longest === 0) return;
    await refuse();
    throw tooMany(Math.ceil(longest / 1000));
  }
}
