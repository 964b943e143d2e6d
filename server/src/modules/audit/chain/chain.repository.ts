import { Injectable } from '@nestjs/common';
import type { SelectQueryBuilder } from 'typeorm';
import type { AuditAction, AuditEventId, AuditSeal, AuditTombstone } from '#contracts';
import { Database } from '../../../database/database.js';
import { findForeignObjects } from '../../../database/foreign-objects.js';
import type { Tx } from '../../../database/tx.js';
import { AuditEventEntity } from '../audit-event.entity.js';
import { asSealed, type RawEvent, type StoredEvent, storedEventsText, toStoredEvent } from '../audit-event.mapper.js';
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
export interface SealProjection {
  readonly sequence: number;
  readonly eventCount: number;
}

/** How far a seal reaches, and the time of its newest event in milliseconds, as the database returns it. */
export interface SealAge extends SealProjection {
  readonly firstPosition: number | string;
  readonly newestEventAt: number | string;
}

export type SealSignature = Pick<AuditSeal, 'sequence' | 'hash' | 'signature'>;

const LOCK_CHAIN = `SELECT pg_advisory_xact_lock(hashtext('opstage audit'))`;

const PROJECTIONS = `SELECT sequence, event_count AS "eventCount" FROM audit_seals
  WHERE sequence > :sequence ORDER BY sequence LIMIT :limit`;

const AGES = `SELECT sequence, event_count AS "eventCount", first_position AS "firstPosition",
    newest_event_at AS "newestEventAt"
  FROM audit_seals WHERE sequence > :sequence ORDER BY sequence LIMIT :limit`;

const SIGNATURES = 'SELECT sequence, hash, signature FROM audit_seals';

/** Rows of `audit_seals` and `audit_tombstones`, and the sealed state of events. */
@Injectable()
export class ChainRepository {
  constructor(private readonly db: Database) {}

  /** Locks the chain until the transaction ends, waiting for whoever holds the lock. */
  async lockChain(tx: Tx): Promise<void> {
    // SQLite has one writing transaction at a time anyway.
    if (this.db.kind === 'postgres') await tx.query(LOCK_CHAIN, {});
  }

  async newestSeal(tx?: Tx): Promise<AuditSeal | null> {
    const seal = await this.db.findOne(AuditSealEntity, 'TRUE ORDER BY sequence DESC LIMIT 1', {}, tx);
    return seal ? toAuditSeal(seal) : null;
  }

  async tombstone(tx?: Tx): Promise<AuditTombstone | null> {
    const newest = 'TRUE ORDER BY through_sequence DESC LIMIT 1';
    const tombstone = await this.db.findOne(AuditTombstoneEntity, newest, {}, tx);
    return tombstone ? toAuditTombstone(tombstone) : null;
  }

  /** At most `limit` seals after `sequence`, oldest first. */
  projections(sequence: number, limit: number, tx?: Tx): Promise<SealProjection[]> {
    return this.db.query<SealProjection>(PROJECTIONS, { sequence, limit }, tx);
  }

  /** At most `limit` seals after `sequence`, oldest first, with the times of their newest events. */
  ages(sequence: number, limit: number, tx: Tx): Promise<SealAge[]> {
    return this.db.query<SealAge>(AGES, { sequence, limit }, tx);
  }

  /** The newest sealed event with this action; null when there is none. */
  async newestSealed(action: AuditAction): Promise<StoredEvent | null> {
    const query = this.#events()
      .where('event.action = :action AND event.seal_sequence IS NOT NULL', { action })
      .orderBy('event.createdAt', 'DESC')
      .limit(1);
    const rows = await this.db.query<RawEvent>(storedEventsText(query), query.getParameters());
    return rows[0] ? toStoredEvent(rows[0]) : null;
  }

  /** At most `limit` signatures of seals before `sequence`, newest first. */
  signaturesBefore(sequence: number, limit: number, tx?: Tx): Promise<SealSignature[]> {
    const text = `${SIGNATURES} WHERE sequence < :sequence ORDER BY sequence DESC LIMIT :limit`;
    return this.db.query<SealSignature>(text, { sequence, limit }, tx);
  }

  async oldestSignature(): Promise<SealSignature | null> {
    const [oldest] = await this.db.query<SealSignature>(`${SIGNATURES} ORDER BY sequence LIMIT 1`);
    return oldest ?? null;
  }

  async signSeal(sequence: number, signature: string, tx: Tx): Promise<void> {
    await tx.update(AuditSealEntity, { signature }, 'sequence = :sequence', { sequence });
  }

  async signTombstone(signature: string, tx: Tx): Promise<void> {
    await tx.update(AuditTombstoneEntity, { signature }, 'TRUE', {});
  }

  /** The seals from `first` to `last`, both included, oldest first. */
  async seals(first: number, last: number, tx?: Tx): Promise<readonly AuditSeal[]> {
    const range = 'sequence >= :first AND sequence <= :last ORDER BY sequence';
    const seals = await this.db.find(AuditSealEntity, range, { first, last }, tx);
    return seals.map(toAuditSeal);
  }

  /** The events of the seals from `first` to `last` that match `filter`, in sealed order. */
  sealedEvents(first: number, last: number, filter: AuditFilter, tx?: Tx): Promise<readonly StoredEvent[]> {
    const range = 'event.seal_sequence >= :first AND event.seal_sequence <= :last';
    return this.#read(applyFilter(this.#events().where(range, { first, last }), filter), tx);
  }

  /** At most `limit` unsealed events, in the order in which they will be sealed. */
  unsealedEvents(limit: number, tx: Tx): Promise<readonly StoredEvent[]> {
    return this.#read(this.#events().where('event.seal_sequence IS NULL').limit(limit), tx);
  }

  countUnsealed(): Promise<number> {
    return this.db.count(AuditEventEntity, 'seal_sequence IS NULL');
  }

  async hasEvent(id: AuditEventId): Promise<boolean> {
    return (await this.db.count(AuditEventEntity, 'id = :id', { id })) > 0;
  }

  /** An event that refers to a missing seal outside the range `first` to `last`; null when there is none. */
  async orphanedEvent(first: number, last: number): Promise<StoredEvent | null> {
    const query = this.#events()
      .where('(event.seal_sequence < :first OR event.seal_sequence > :last)', { first, last })
      .andWhere('NOT EXISTS (SELECT 1 FROM audit_seals seal WHERE seal.sequence = event.seal_sequence)')
      .limit(1);
    return (await this.#read(query))[0] ?? null;
  }

  /** What in the database could silence the audit; see {@link findForeignObjects}. */
  foreignObjects(): Promise<readonly string[]> {
    return findForeignObjects(this.db.kind, (text) => this.db.query(text));
  }

  /** Stores the seal and assigns the events to it; returns how many of them existed and were unsealed. */
  async seal(seal: AuditSeal, ids: readonly AuditEventId[], tx: Tx): Promise<number> {
    await tx.insert(AuditSealEntity, toSealEntity(seal));
    const unsealed = 'seal_sequence IS NULL AND id IN (:...ids)';
    return tx.update(AuditEventEntity, { sealSequence: seal.sequence }, unsealed, { ids: [...ids] });
  }

  /** Deletes the seals up to the tombstone with their events, and replaces the previous tombstone. */
  async deleteThrough(tombstone: AuditTombstone, tx: Tx): Promise<void> {
    const upTo = { through: tombstone.throughSequence };
    await tx.delete(AuditEventEntity, 'seal_sequence <= :through', upTo);
    await tx.delete(AuditSealEntity, 'sequence <= :through', upTo);
    await tx.delete(AuditTombstoneEntity, 'through_sequence <= :through', upTo);
    await tx.insert(AuditTombstoneEntity, toTombstoneEntity(tombstone));
  }

  async #read(query: SelectQueryBuilder<AuditEventEntity>, tx?: Tx): Promise<readonly StoredEvent[]> {
    const rows = await this.db.query<RawEvent>(storedEventsText(asSealed(query)), query.getParameters(), tx);
    return rows.map(toStoredEvent);
  }

  #events(): SelectQueryBuilder<AuditEventEntity> {
    return this.db.select(AuditEventEntity, 'event').select([]);
  }
}
