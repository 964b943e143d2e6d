import { Injectable } from '@nestjs/common';
import type { SelectQueryBuilder } from 'typeorm';
import type { AuditEventId, AuditSeal, AuditTombstone } from '#contracts';
import { Database } from '../../../database/database.js';
import type { Tx } from '../../../database/tx.js';
import { AuditEventEntity } from '../audit-event.entity.js';
import { asSealed, readStoredEvents, type StoredEvent, storedEventsText } from '../audit-event.mapper.js';
import { applyFilter, type AuditFilter } from '../audit.repository.js';
import {
  AuditSealEntity,
  AuditTombstoneEntity,
  toAuditSeal,
  toAuditTombstone,
  toSealEntity,
  toTombstoneEntity,
} from './chain.entities.js';

/** A seal without its entries, which may be long. */
export interface SealOutline {
  readonly sequence: number;
  readonly eventCount: number;
}

export type SealSignature = Pick<AuditSeal, 'sequence' | 'hash' | 'signature'>;

@Injectable()
export class ChainRepository {
  constructor(private readonly db: Database) {}

  /** Waits until nobody else changes the chain, and keeps others from it until the transaction ends. */
  async lockChain(tx: Tx): Promise<void> {
    // On SQLite a transaction is alone anyway.
    if (this.db.kind === 'postgres') await tx.manager.query("SELECT pg_advisory_xact_lock(hashtext('opstage audit'))");
  }

  async newestSeal(tx?: Tx): Promise<AuditSeal | null> {
    const [seal] = await this.db.manager(tx).find(AuditSealEntity, { order: { sequence: 'DESC' }, take: 1 });
    return seal ? toAuditSeal(seal) : null;
  }

  async tombstone(tx?: Tx): Promise<AuditTombstone | null> {
    const [tombstone] = await this.db
      .manager(tx)
      .find(AuditTombstoneEntity, { order: { throughSequence: 'DESC' }, take: 1 });
    return tombstone ? toAuditTombstone(tombstone) : null;
  }

  /** At most `limit` seals after `sequence`, oldest first. */
  outlines(sequence: number, limit: number, tx?: Tx): Promise<SealOutline[]> {
    return this.db
      .manager(tx)
      .createQueryBuilder(AuditSealEntity, 'seal')
      .select('seal.sequence', 'sequence')
      .addSelect('seal.eventCount', 'eventCount')
      .where('seal.sequence > :sequence', { sequence })
      .orderBy('seal.sequence')
      .limit(limit)
      .getRawMany<SealOutline>();
  }

  /** At most `limit` signatures of seals before `sequence`, newest first. */
  signaturesBefore(sequence: number, limit: number, tx?: Tx): Promise<SealSignature[]> {
    return this.#signatures(tx)
      .where('seal.sequence < :sequence', { sequence })
      .orderBy('seal.sequence', 'DESC')
      .limit(limit)
      .getRawMany<SealSignature>();
  }

  async oldestSignature(): Promise<SealSignature | null> {
    return (await this.#signatures().orderBy('seal.sequence').limit(1).getRawOne<SealSignature>()) ?? null;
  }

  async signSeal(sequence: number, signature: string, tx: Tx): Promise<void> {
    await tx.update(AuditSealEntity, { signature }, 'sequence = :sequence', { sequence });
  }

  async signTombstone(signature: string, tx: Tx): Promise<void> {
    await tx.update(AuditTombstoneEntity, { signature }, '1 = 1', {});
  }

  /** The seals from `first` to `last`, both included, oldest first. */
  async seals(first: number, last: number, tx?: Tx): Promise<readonly AuditSeal[]> {
    const seals = await this.db
      .manager(tx)
      .createQueryBuilder(AuditSealEntity, 'seal')
      .where('seal.sequence >= :first AND seal.sequence <= :last', { first, last })
      .orderBy('seal.sequence')
      .getMany();
    return seals.map(toAuditSeal);
  }

  /** The events under the seals from `first` to `last` that `filter` chooses, in the order they were sealed in. */
  sealedEvents(first: number, last: number, filter: AuditFilter, tx?: Tx): Promise<readonly StoredEvent[]> {
    const range = 'event.sealSequence >= :first AND event.sealSequence <= :last';
    return this.#read(applyFilter(this.#events(tx).where(range, { first, last }), filter), tx);
  }

  /** At most `limit` events that nobody has sealed yet, in the order they are to be sealed in. */
  unsealedEvents(limit: number, tx: Tx): Promise<readonly StoredEvent[]> {
    return this.#read(this.#events(tx).where('event.sealSequence IS NULL').limit(limit), tx);
  }

  countUnsealed(): Promise<number> {
    return this.#events().where('event.sealSequence IS NULL').getCount();
  }

  async hasEvent(id: AuditEventId): Promise<boolean> {
    return this.#events().where('event.id = :id', { id }).getExists();
  }

  /** An event under a seal that is not there, outside of the seals from `first` to `last`; null when there is none. */
  async orphanedEvent(first: number, last: number): Promise<StoredEvent | null> {
    const query = this.#events()
      .where('(event.sealSequence < :first OR event.sealSequence > :last)', { first, last })
      .andWhere('NOT EXISTS (SELECT 1 FROM audit_seals seal WHERE seal.sequence = event.seal_sequence)')
      .limit(1);
    return (await this.#read(query))[0] ?? null;
  }

  /** Puts the events under `seal`; returns how many of them were there and not sealed. */
  async seal(seal: AuditSeal, ids: readonly AuditEventId[], tx: Tx): Promise<number> {
    await tx.insert(AuditSealEntity, toSealEntity(seal));
    const unsealed = 'seal_sequence IS NULL AND id IN (:...ids)';
    return tx.update(AuditEventEntity, { sealSequence: seal.sequence }, unsealed, { ids: [...ids] });
  }

  /** Removes the seals up to the tombstone's with their events, and the tombstone before. */
  async deleteThrough(tombstone: AuditTombstone, tx: Tx): Promise<void> {
    const upTo = { through: tombstone.throughSequence };
    const remove = (from: new () => object, where: string) =>
      tx.manager.createQueryBuilder().delete().from(from).where(where, upTo).execute();
    await remove(AuditEventEntity, 'seal_sequence <= :through');
    await remove(AuditSealEntity, 'sequence <= :through');
    await remove(AuditTombstoneEntity, 'through_sequence <= :through');
    await tx.insert(AuditTombstoneEntity, toTombstoneEntity(tombstone));
  }

  #signatures(tx?: Tx): SelectQueryBuilder<AuditSealEntity> {
    return this.db
      .manager(tx)
      .createQueryBuilder(AuditSealEntity, 'seal')
      .select('seal.sequence', 'sequence')
      .addSelect('seal.hash', 'hash')
      .addSelect('seal.signature', 'signature');
  }

  #read(query: SelectQueryBuilder<AuditEventEntity>, tx?: Tx): Promise<readonly StoredEvent[]> {
    return readStoredEvents(this.db, storedEventsText(asSealed(query)), query.getParameters(), tx);
  }

  #events(tx?: Tx): SelectQueryBuilder<AuditEventEntity> {
    return this.db.manager(tx).createQueryBuilder(AuditEventEntity, 'event').select([]);
  }
}
