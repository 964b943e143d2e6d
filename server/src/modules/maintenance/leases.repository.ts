import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database.js';
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
