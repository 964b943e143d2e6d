import type { AuditSeal, AuditTombstone } from '#contracts';
import { instantText } from '../stored-event.js';
import type { AuditSealEntity } from './audit-seal.entity.js';
import type { AuditTombstoneEntity } from './audit-tombstone.entity.js';

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

export const toSealEntity = (seal: AuditSeal): AuditSealEntity => ({
  ...seal,
  newestEventAt: new Date(seal.newestEventAt),
  sealedAt: new Date(seal.sealedAt),
});

export const toAuditTombstone = (tombstone: AuditTombstoneEntity): AuditTombstone => ({
  throughSequence: tombstone.throughSequence,
  throughPosition: tombstone.throughPosition,
  root: tombstone.root,
  removedAt: instantText(tombstone.removedAt),
  signature: tombstone.signature,
});

export const toTombstoneEntity = (tombstone: AuditTombstone): AuditTombstoneEntity => ({
  ...tombstone,
  removedAt: new Date(tombstone.removedAt),
});
