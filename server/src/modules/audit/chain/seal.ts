import { hash as digest } from 'node:crypto';
import type { AuditEvent, AuditEventId, AuditSeal, AuditTombstone } from '#contracts';
import type { Signer } from '../../../common/crypto/secret-box.js';

/** The signer's purpose: a signature made for anything else proves nothing here. */
export const AUDIT_CHAIN = 'audit chain';

/** What the first seal has in place of the hash before. */
export const GENESIS = 'A'.repeat(43);

/** Where a chain ends, and the next seal goes on. */
export interface ChainEnd {
  readonly sequence: number;
  readonly position: number;
  readonly hash: string;
}

export const EMPTY_CHAIN: ChainEnd = { sequence: 0, position: 0, hash: GENESIS };

const sha256 = (text: string): string => digest('sha256', text, 'base64url');

/** An event's canonical content: the JSON of its fields in this order, which is never to change. */
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

/** The hash that stands for an event in its seal. */
export const eventHash = (event: AuditEvent): string => sha256(canonical(event));

interface Entry {
  readonly id: AuditEventId;
  readonly hash: string;
}

/** What a seal says of its events, in their order. */
export const entriesOf = (seal: AuditSeal): readonly Entry[] =>
  seal.entries.split('\n').map((line) => {
    const [id = '', hash = ''] = line.split(' ');
    return { id: id as AuditEventId, hash };
  });

type Content = Omit<AuditSeal, 'hash' | 'signature'>;

/** The hash of a seal with this content: it covers every field. */
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

/** Seals `events`, of which there is at least one, in this order, after `end`. */
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

/** A time that is none, in a row this server did not write, does not count. */
const newestOf = (events: readonly AuditEvent[]): string | undefined =>
  events
    .map(({ createdAt }) => createdAt)
    .filter((instant) => !Number.isNaN(Date.parse(instant)))
    // ISO 8601 in UTC sorts as text.
    .reduce<string | undefined>((newest, instant) => (newest && newest > instant ? newest : instant), undefined);

/** What is signed of a seal. */
export const sealText = (hash: string): string => `seal ${hash}`;

/** Where the chain stands with `seal`. */
export const endOf = ({ sequence, firstPosition, eventCount, hash }: AuditSeal): ChainEnd => ({
  sequence,
  position: firstPosition + eventCount - 1,
  hash,
});

/** What is signed of a tombstone. */
export const tombstoneText = ({
  throughSequence,
  throughPosition,
  root,
  removedAt,
}: Omit<AuditTombstone, 'signature'>): string =>
  `tombstone ${JSON.stringify([throughSequence, throughPosition, root, removedAt])}`;

/** Says that retention removed everything up to `end`. */
export const makeTombstone = (end: ChainEnd, removedAt: string, signer: Signer): AuditTombstone => {
  const content = { throughSequence: end.sequence, throughPosition: end.position, root: end.hash, removedAt };
  return { ...content, signature: signer.sign(tombstoneText(content)) };
};

/** Where a chain goes on whose beginning retention removed; at its beginning when nothing was. */
export const endAfter = (tombstone: AuditTombstone | null): ChainEnd =>
  tombstone
    ? { sequence: tombstone.throughSequence, position: tombstone.throughPosition, hash: tombstone.root }
    : EMPTY_CHAIN;
