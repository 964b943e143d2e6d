import { Injectable } from '@nestjs/common';
import { DomainError } from '../../../common/errors/domain-error.js';
import { Clock } from '../../../common/time/clock.js';
import type { Tx } from '../../../database/tx.js';
import type { UserEntity } from '../../users/user.entity.js';
import { SignInFailuresRepository } from './sign-in-failures.repository.js';
import { accountLimit, addressLimit, deviceLimit, type SignInLimit } from './sign-in-limits.js';
import type { SignInSource } from './sign-in-source.js';

/** Which limits a try falls under. */
export interface SignInLimits {
  /** Known devices have a queue of their own. */
  readonly lane: 'known' | 'unknown';
  readonly all: readonly SignInLimit[];
  /** Those that a success ends; that of an address is not one of them. */
  readonly own: readonly SignInLimit[];
}

const tooMany = (seconds: number) =>
  new DomainError('RATE_LIMITED', `Too many refused sign-ins; try again in ${seconds} s.`, {
    retryAfterSeconds: seconds,
  });

/**
 * Slows down whoever guesses passwords. What is counted rests in the database: a replica more is no try more, and a
 * restart forgets nothing. A device that has signed in to the account before is counted by itself and never waits for
 * what others do (see docs/decisions/0014): guessing from elsewhere locks nobody out of where they work.
 */
@Injectable()
export class SignInThrottle {
  constructor(
    private readonly failures: SignInFailuresRepository,
    private readonly clock: Clock,
  ) {}

  /** The limits of a try for this name; `user` is who has it, if anybody. */
  limitsOf(username: string, user: UserEntity | null, { device, origin }: SignInSource): SignInLimits {
    if (device && device.userId === user?.id) {
      const limit = deviceLimit(device.id);
      return { lane: 'known', all: [limit], own: [limit] };
    }
    const account = accountLimit(username);
    return { lane: 'unknown', all: [account, addressLimit(origin.ipAddress)], own: [account] };
  }

  /** @throws RATE_LIMITED with the seconds to wait, while a limit is reached */
  async admit({ all }: SignInLimits): Promise<void> {
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
    if (longest > 0) throw tooMany(Math.ceil(longest / 1000));
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
}
