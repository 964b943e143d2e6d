import { Entity, PrimaryColumn } from 'typeorm';
import type { AuditEventId, AuditSeal, AuditTombstone } from '#contracts';
import {
  CountColumn,
  IdColumn,
  InstantColumn,
  IntegerColumn,
  StringColumn,
  TextColumn,
} from '../../../database/columns.js';
import { instantText } from '../audit-event.mapper.js';

/** One link of the chain: what it covers, and the hash of the link before it. */
@Entity('audit_seals')
export class AuditSealEntity {
  /** From 1, without gaps. */
  @PrimaryColumn({ name: 'sequence', type: 'integer', primaryKeyConstraintName: 'pk_audit_seals' }) sequence!: number;
  /** The position of its first event in the whole audit, from 1. */
  @CountColumn('first_position') firstPosition!: number;
  @IntegerColumn('event_count') eventCount!: number;
  /** One line `<event id> <SHA-256 of the event>` per event, in order. */
  @TextColumn('entries') entries!: string;
  @InstantColumn('newest_event_at') newestEventAt!: Date;
  @InstantColumn('sealed_at') sealedAt!: Date;
  @StringColumn('previous_hash', 43) previousHash!: string;
  @StringColumn('hash', 43) hash!: string;
  @StringColumn('signature', 43) signature!: string;
}

/** What retention leaves in place of deleted segments: how far it deleted, and the hash the chain continues from. */
@Entity('audit_tombstones')
export class AuditTombstoneEntity {
  /** The last deleted seal; all before it are deleted too. */
  @PrimaryColumn({ name: 'through_sequence', type: 'integer', primaryKeyConstraintName: 'pk_audit_tombstones' })
  throughSequence!: number;
  /** The position of the last deleted event, which is also the number of deleted events. */
  @CountColumn('through_position') throughPosition!: number;
  /** The hash of the last deleted seal. */
  @StringColumn('root', 43) root!: string;
  @InstantColumn('removed_at') removedAt!: Date;
  /** The retention in force; null, like the two below, in a tombstone that an earlier version left. */
  @IntegerColumn('days', { nullable: true }) days!: number | null;
  @InstantColumn('newest_event_at', { nullable: true }) newestEventAt!: Date | null;
  @IdColumn('announced_by', { nullable: true }) announcedBy!: AuditEventId | null;
  @StringColumn('signature', 43) signature!: string;
}

/** The seal as exports and verification read it. */
export const toAuditSeal = (seal: AuditSealEntity): AuditSeal => ({
  sequence: seal.sequence,
  firstPosition: seal.firstPosition,
  eventCount: seal.eventCount,
  entries: seal.entries,
  newestEventAt: instantText(seal.newestEventAt),
  sealedAt: instantText(seal.sealedAt),
  previousHash: seal.previousHash,
  hash: seal.hash,
  signature: seal.signature,
});

/** The row of a seal. */
export const toSealEntity = (seal: AuditSeal): AuditSealEntity => ({
  ...seal,
  newestEventAt: new Date(seal.newestEventAt),
  sealedAt: new Date(seal.sealedAt),
});

/** The tombstone as exports and verification read it. */
export const toAuditTombstone = (tombstone: AuditTombstoneEntity): AuditTombstone => ({
  throughSequence: tombstone.throughSequence,
  throughPosition: tombstone.throughPosition,
  root: tombstone.root,
  removedAt: instantText(tombstone.removedAt),
  ...(tombstone.days !== null && { days: tombstone.days }),
  ...(tombstone.newestEventAt !== null && { newestEventAt: instantText(tombstone.newestEventAt) }),
  ...(tombstone.announcedBy !== null && { announcedBy: tombstone.announcedBy }),
  signature: tombstone.signature,
});

/** The row of a tombstone. */
export const toTombstoneEntity = (tombstone: AuditTombstone): AuditTombstoneEntity => ({
  ...tombstone,
  removedAt: new Date(tombstone.removedAt),
  days: tombstone.days ?? null,
  newestEventAt: tombstone.newestEventAt === undefined ? null : new Date(tombstone.newestEventAt),
  announcedBy: tombstone.announcedBy ?? null,
});
