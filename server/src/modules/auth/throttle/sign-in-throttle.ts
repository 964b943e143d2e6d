import { Injectable } from '@nestjs/common';
import { Clock } from '../../../common/clock.js';
import { DomainError } from '../../../common/errors.js';
import { MaintenanceJob } from '../../../common/maintenance-job.js';
import { Database } from '../../../database/database.js';
import type { Tx } from '../../../database/tx.js';
import { PasswordQueue } from './password-queue.js';
import type { SignInFailureEntity } from './sign-in-failure.entity.js';
import { SignInFailuresRepository } from './sign-in-failures.repository.js';
import type { SignInLimit, SignInLimits } from './sign-in-limits.js';

const BUSY_RETRY_SECONDS = 5;
const DELETE_BATCH = 500;

interface Counted {
  readonly limit: SignInLimit;
  readonly row: SignInFailureEntity;
}

/** Whether a clock that was ahead of `now` stored the row. */
const isAhead = ({ limit, row }: Counted, now: Date): boolean =>
  row.lastFailedAt > now || row.forgottenAt.getTime() > now.getTime() + limit.memorySeconds * 1000;

const throttled = (seconds: number) =>
  new DomainError('RATE_LIMITED', `Too many failed attempts; try again in ${seconds} s.`, {
    retryAfterSeconds: seconds,
  });

/** Why an attempt is refused without checking the password: after too many failed ones, or because too many are queued. */
export type RefusalReason = 'rate' | 'busy';

/**
 * Slows down password guessing. The counts are rows in the database: replicas share them and a restart keeps them. A
 * device that has signed in to the account before has its own count and never waits for the attempts of others, so
 * guessing from elsewhere does not lock users out (docs/decisions/0014).
 */
@Injectable()
export class SignInThrottle {
  /** Each attempt is checked and counted before the next one starts: parallel attempts gain nothing. */
  readonly #queues = {
    'signed-in': new PasswordQueue(),
    'known-device': new PasswordQueue(),
    unknown: new PasswordQueue(),
  };

  constructor(
    private readonly db: Database,
    private readonly failures: SignInFailuresRepository,
    private readonly clock: Clock,
  ) {}

  /**
   * Runs `attempt`, which checks a password and counts a failure, when it is the turn of its source; runs `onRefused`
   * instead while a limit is reached or too many attempts are queued, of all or of this source.
   * @throws RATE_LIMITED with the seconds to wait
   */
  async attempt<T>(
    limits: SignInLimits,
    attempt: () => Promise<T>,
    onRefused: (reason: RefusalReason) => Promise<void>,
  ): Promise<T> {
    const queue = this.#queues[limits.queue];
    // An attempt that is throttled anyway need not queue. With none pending, the check below follows at once.
    if (queue.pending > 0) await this.#assertOpen(limits, onRefused);
    if (queue.isFull(limits.source)) {
      await onRefused('busy');
      throw new DomainError('RATE_LIMITED', 'Too many passwords to check at once; try again.', {
        retryAfterSeconds: BUSY_RETRY_SECONDS,
      });
    }
    return queue.run(limits.source, async () => {
      await this.#assertOpen(limits, onRefused);
      return attempt();
    });
  }

  /** Counts a failed attempt. */
  async countFailure(tx: Tx, { all }: SignInLimits): Promise<void> {
    const now = this.clock.now();
    // Always in this order, so that two transactions cannot deadlock.
    for (const limit of all) await this.failures.add(limit, now, tx);
  }

  /** Forgets the failed attempts that came before a successful one. */
  async forget(tx: Tx, { clearedBySuccess }: SignInLimits): Promise<void> {
    await this.failures.delete(
      clearedBySuccess.map(({ subject }) => subject),
      tx,
    );
  }

  /** Deletes one batch of failures that no longer count; returns how many. Call again until it returns 0. */
  @MaintenanceJob({
    id: 'sign-in-failures',
    phase: 'expire',
    description: 'Deletes failed sign-ins that no longer count.',
  })
  deleteForgottenFailures(): Promise<number> {
    return this.db.transaction((tx) => this.failures.deleteForgotten(this.clock.now(), DELETE_BATCH, tx));
  }

  /** The counts that are not forgotten yet, none of them from the future: no wait is longer than its limit's own. */
  async #counted(limits: readonly SignInLimit[], now: Date): Promise<readonly Counted[]> {
    const read = async (): Promise<readonly Counted[]> => {
      const rows = await this.failures.find(
        limits.map(({ subject }) => subject),
        now,
      );
      return limits.flatMap((limit) =>
        rows.filter(({ subject }) => subject === limit.subject).map((row) => ({ limit, row })),
      );
    };
    const counted = await read();
    const ahead = counted.filter((one) => isAhead(one, now));
    if (ahead.length === 0) return counted;
    await this.db.transaction(async (tx) => {
      for (const { limit } of ahead) await this.failures.bringBack(limit, now, tx);
    });
    return read();
  }

  async #assertOpen({ all }: SignInLimits, onRefused: (reason: RefusalReason) => Promise<void>): Promise<void> {
    const now = this.clock.now();
    const counted = await this.#counted(all, now);
    const longest = Math.max(0, ...counted.map(({ limit, row }) => limit.openAt(row).getTime() - now.getTime()));
    if (longest === 0) return;
    await onRefused('rate');
    throw throttled(Math.ceil(longest / 1000));
  }
}
