import { randomUUID } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import { Clock, secondsAfter } from '../../common/clock.js';
import { Database } from '../database.js';
import type { Tx } from '../tx.js';
import { LeaseEntity } from './lease.entity.js';

/** How long a holder that died keeps the others waiting. */
const LEASE_SECONDS = 60;
const EXTEND_MS = 20_000;
/** The clocks of replicas may differ by this much. */
const SKEW_SECONDS = 60;

const FREE = { holder: '', expiresAt: new Date(0) } as const;

interface LeaseRequest {
  readonly name: string;
  /** The lease is refused if it was last taken after this instant; now or later never refuses. */
  readonly notTakenSince: Date;
}

/**
 * Leases for work that one replica does at a time. A lease only saves work: the result must be right even if two do it at
 * once, because a process that was paused for a minute does not know that it lost its lease.
 */
@Injectable()
export class LeasesStore {
  readonly #logger = new Logger(LeasesStore.name);

  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** The lease as it was last taken; null before that. */
  find(name: string): Promise<LeaseEntity | null> {
    return this.db.findOne(LeaseEntity, 'name = :name', { name });
  }

  /** Runs `work` under the lease; returns null without running it when the lease is held or was taken too recently. */
  async withLease<T>({ name, notTakenSince }: LeaseRequest, work: (holder: string) => Promise<T>): Promise<T | null> {
    const holder = randomUUID();
    const lease = { name, holder, takenAt: this.clock.now(), expiresAt: this.#expiry() };
    if (!(await this.#take(lease, notTakenSince))) return null;
    const extending = setInterval(() => void this.#extend(name, holder), EXTEND_MS).unref();
    try {
      return await work(holder);
    } finally {
      clearInterval(extending);
      await this.#release(name, holder);
    }
  }

  /** Holds the lease for this long on behalf of nobody, or from now on if it is held already. */
  async mark(name: string, seconds: number): Promise<void> {
    const lease = { name, holder: name, takenAt: this.clock.now(), expiresAt: this.clock.secondsFromNow(seconds) };
    await this.db.transaction((tx) => tx.upsert(LeaseEntity, lease));
  }

  /** Ends the lease, whoever holds it. */
  async end(name: string, tx: Tx): Promise<void> {
    await tx.update(LeaseEntity, FREE, 'name = :name', { name });
  }

  #take({ name, ...lease }: LeaseEntity, notTakenSince: Date): Promise<boolean> {
    // A clock that was ahead took it: it says nothing about the present.
    const isFuture = 'taken_at > :soon';
    const isExpired = `expires_at <= :now OR expires_at > :latest OR ${isFuture}`;
    const isFree = `name = :name AND (${isExpired}) AND (taken_at <= :notTakenSince OR ${isFuture})`;
    const parameters = {
      name,
      now: lease.takenAt.getTime(),
      soon: secondsAfter(lease.takenAt, SKEW_SECONDS).getTime(),
      latest: secondsAfter(lease.expiresAt, SKEW_SECONDS).getTime(),
      notTakenSince: notTakenSince.getTime(),
    };
    return this.db.transaction(async (tx) => {
      await tx.insertIfAbsent(LeaseEntity, { name, ...FREE, takenAt: new Date(0) });
      return (await tx.update(LeaseEntity, lease, isFree, parameters)) > 0;
    });
  }

  async #extend(name: string, holder: string): Promise<void> {
    try {
      const isHeld = await this.#change(name, holder, { expiresAt: this.#expiry() });
      if (!isHeld) this.#logger.warn({ name }, 'A lease was lost: another replica may now do the same work.');
    } catch (error) {
      this.#logger.warn(error);
    }
  }

  async #release(name: string, holder: string): Promise<void> {
    try {
      await this.#change(name, holder, FREE);
    } catch (error) {
      // It expires by itself.
      this.#logger.warn(error);
    }
  }

  /** Changes the lease; false when this holder no longer has it. */
  #change(name: string, holder: string, changes: Partial<LeaseEntity>): Promise<boolean> {
    const own = 'name = :name AND holder = :holder';
    return this.db.transaction(async (tx) => (await tx.update(LeaseEntity, changes, own, { name, holder })) > 0);
  }

  #expiry(): Date {
    return this.clock.secondsFromNow(LEASE_SECONDS);
  }
}
