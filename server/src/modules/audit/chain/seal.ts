import { hash as digest } from 'node:crypto';
import type { AuditEvent, AuditEventId, AuditSeal, AuditTombstone } from '#contracts';
import type { Signer } from '../../../common/crypto/secret-box.js';

/** The signer's purpose; signatures made for another purpose are not valid here. */
export const AUDIT_CHAIN = 'audit chain';

/** The previous hash of the first seal. */
export const GENESIS = 'A'.repeat(43);

/** The end of a chain, where the next seal continues. */
export interface ChainEnd {
  readonly sequence: number;
  readonly position: number;
  readonly hash: string;
}

export const EMPTY_CHAIN: ChainEnd = { sequence: 0, position: 0, hash: GENESIS };

const sha256 = (text: string): string => digest('sha256', text, 'base64url');

/** An event's canonical content: the JSON of its fields in this order, which must never change. */
const canonical = (event: AuditEvent): string =>
  JSON.stringify([
    event.id,
    event.createdAt,
    event.actorType,
    event.actorId,
    event.actorName,
    event.action,
    event.targetType,
    event.targetId,
    event.result,
    event.message,
    event.ipAddress,
    event.userAgent,
    event.metadata,
  ]);

/** The hash of an event in its seal. */
export const eventHash = (event: AuditEvent): string => sha256(canonical(event));

interface Entry {
  readonly id: AuditEventId;
  readonly hash: string;
}

/** The ids and hashes of a seal's events, in order. */
export const entriesOf = (seal: AuditSeal): readonly Entry[] =>
  seal.entries.split('\n').map((line) => {
    const [id = '', hash = ''] = line.split(' ');
    return { id: id as AuditEventId, hash };
  });

type Content = Omit<AuditSeal, 'hash' | 'signature'>;

/** The hash of a seal's content, covering every field. */
export const sealHash = (seal: Content): string =>
  sha256(
    JSON.stringify([
      seal.sequence,
      seal.firstPosition,
      seal.eventCount,
      sha256(seal.entries),
      seal.newestEventAt,
      seal.sealedAt,
      seal.previousHash,
    ]),
  );

/** Seals `events`, at least one, in this order after `end`. */
export const makeSeal = (end: ChainEnd, events: readonly AuditEvent[], sealedAt: string, signer: Signer): AuditSeal => {
  const content: Content = {
    sequence: end.sequence + 1,
    firstPosition: end.position + 1,
    eventCount: events.length,
    entries: events.map((event) => `${event.id} ${eventHash(event)}`).join('\n'),
    newestEventAt: newestOf(events) ?? sealedAt,
    sealedAt,
    previousHash: end.hash,
  };
  const hash = sealHash(content);
  return { ...content, hash, signature: signer.sign(sealText(hash)) };
};

/** Ignores invalid times, which only rows not written by this server have. */
const newestOf = (events: readonly AuditEvent[]): string | undefined =>
  events
    .map(({ createdAt }) => createdAt)
    .filter((instant) => !Number.isNaN(Date.parse(instant)))
    // ISO 8601 in UTC sorts as text.
    .reduce<string | undefined>((newest, instant) => (newest && newest > instant ? newest : instant), undefined);

/** The text that a seal's signature covers. */
export const sealText = (hash: string): string => `seal ${hash}`;

/** The end of a chain whose newest seal is `seal`. */
export const endOf = ({ sequence, firstPosition, eventCount, hash }: AuditSeal): ChainEnd => ({
  sequence,
  position: firstPosition + eventCount - 1,
  hash,
});

/** What retention announced before it deleted anything. */
export interface Announcement {
  readonly days: number;
  readonly newestEventAt: string;
  readonly announcedBy: AuditEventId;
}

/** The text that a tombstone's signature covers; one from before removals were announced is signed without an announcement. */
export const tombstoneText = (tombstone: Omit<AuditTombstone, 'signature'>): string => {
  const { throughSequence, throughPosition, root, removedAt, days, newestEventAt, announcedBy } = tombstone;
  const removed = [throughSequence, throughPosition, root, removedAt];
  const isAnnounced = days !== undefined || newestEventAt !== undefined || announcedBy !== undefined;
  return `tombstone ${JSON.stringify(isAnnounced ? [...removed, days, newestEventAt, announcedBy] : removed)}`;
};

/** Records that retention deleted everything up to `end`, as announced. */
export const makeTombstone = (
  end: ChainEnd,
  removedAt: string,
  announcement: Announcement,
  signer: Signer,
): AuditTombstone => {
  const content = {
    throughSequence: end.sequence,
    throughPosition: end.position,
    root: end.hash,
    removedAt,
    days: announcement.days,
    newestEventAt: announcement.newestEventAt,
    announcedBy: announcement.announcedBy,
  };
  return { ...content, signature: signer.sign(tombstoneText(content)) };
};

/** The end of a chain that has no seals after `tombstone`; the beginning when nothing was deleted. */
export const endAfter = (tombstone: AuditTombstone | null): ChainEnd =>
  tombstone
    ? { sequence: tombstone.throughSequence, position: tombstone.throughPosition, hash: tombstone.root }
    : EMPTY_CHAIN;
