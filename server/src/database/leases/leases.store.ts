import { randomUUID } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../../common/clock.js';
import { Database } from '../database.js';
import { LeaseEntity } from './lease.entity.js';

const NEVER = new Date(0);
const NOBODY = '';

@Injectable()
export class LeasesRepository {
  constructor(private readonly db: Database) {}

  /** Takes the lease unless somebody holds it, or took it after `notTakenSince`; true for the only call that did. */
  take({ name, holder, takenAt, expiresAt }: LeaseEntity, notTakenSince: Date): Promise<boolean> {
    return this.db.transaction(async (tx) => {
      await tx.insertIfAbsent(LeaseEntity, { name, holder: NOBODY, takenAt: NEVER, expiresAt: NEVER });
      const free = 'name = :name AND expires_at <= :now AND taken_at <= :notTakenSince';
      const parameters = { name, now: takenAt.getTime(), notTakenSince: notTakenSince.getTime() };
      return (await tx.update(LeaseEntity, { holder, takenAt, expiresAt }, free, parameters)) > 0;
    });
  }

  /** The lease as it was last taken; null before that. */
  find(name: string): Promise<LeaseEntity | null> {
    return this.db.manager().findOneBy(LeaseEntity, { name });
  }

  /** Moves the end of a lease; false when this holder has it no longer. */
  extend(name: string, holder: string, expiresAt: Date): Promise<boolean> {
    return this.#change(name, holder, { expiresAt });
  }

  /** Gives a lease back; nothing happens when this holder has it no longer. */
  async release(name: string, holder: string): Promise<void> {
    await this.#change(name, holder, { holder: NOBODY, expiresAt: NEVER });
  }

  #change(name: string, holder: string, changes: Partial<LeaseEntity>): Promise<boolean> {
    const own = 'name = :name AND holder = :holder';
    return this.db.transaction(async (tx) => (await tx.update(LeaseEntity, changes, own, { name, holder })) > 0);
  }
}

/** How long a holder that died keeps the others waiting. */
const LEASE_SECONDS = 60;
const EXTEND_MS = 20_000;

interface LeaseRequest {
  readonly name: string;
  /** Not if somebody took it after that; an instant of now or later rules nobody out. */
  readonly notTakenSince: Date;
}

/**
 * What one replica at a time does. It spares the others the work: what is done under a lease must be right even if two
 * do it, since a process that stood still for a minute does not know yet that it lost its own.
 */
@Injectable()
export class Leases {
  readonly #logger = new Logger(Leases.name);

  constructor(
    private readonly leases: LeasesRepository,
    private readonly clock: Clock,
  ) {}

  /** The lease as it was last taken; null before that. */
  find(name: string): Promise<LeaseEntity | null> {
    return this.leases.find(name);
  }

  /** Does `work` while nobody else holds the lease; null, and nothing is done, when somebody does. */
  async withLease<T>({ name, notTakenSince }: LeaseRequest, work: (holder: string) => Promise<T>): Promise<T | null> {
    const holder = randomUUID();
    const lease = { name, holder, takenAt: this.clock.now(), expiresAt: this.#expiry() };
    if (!(await this.leases.take(lease, notTakenSince))) return null;
    const extending = setInterval(() => void this.#extend(name, holder), EXTEND_MS).unref();
    try {
      return await work(holder);
    } finally {
      clearInterval(extending);
      // Left alone, it ends by itself.
      await this.leases.release(name, holder).catch((error: unknown) => {
        this.#logger.warn(error);
      });
    }
  }

  #expiry(): Date {
    return this.clock.secondsFromNow(LEASE_SECONDS);
  }

  async #extend(name: string, holder: string): Promise<void> {
    try {
      const isHeld = await this.leases.extend(name, holder, this.#expiry());
      if (!isHeld) this.#logger.warn({ name }, 'A lease was lost: somebody else may do the same now.');
    } catch (error) {
      this.#logger.warn(error);
    }
  }
}
