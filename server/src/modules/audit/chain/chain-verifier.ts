import type { AuditEvent, AuditEventId, AuditFault, AuditSeal, AuditTombstone } from '#contracts';
import type { Signer } from '../../../common/crypto/secret-box.js';
import {
  type ChainEnd,
  EMPTY_CHAIN,
  endAfter,
  endOf,
  entriesOf,
  eventHash,
  sealHash,
  sealText,
  tombstoneText,
} from './seal.js';

const fault = (kind: AuditFault['kind'], eventId: AuditEventId, segment: number, message: string): AuditFault => ({
  kind,
  eventId,
  segment,
  message: `${message} (${eventId}, segment ${segment}).`,
});

const changed = (id: AuditEventId, segment: number): AuditFault =>
  fault('changed', id, segment, 'An event was changed after it was sealed');

const inserted = (id: AuditEventId, segment: number): AuditFault =>
  fault('inserted', id, segment, 'An event was inserted after sealing');

const missing = (id: AuditEventId, segment: number): AuditFault =>
  fault('missing', id, segment, 'A sealed event is missing');

/** The fault of a sealed event that is now in another place. */
export const moved = (id: AuditEventId, segment: number): AuditFault =>
  fault('moved', id, segment, 'An event was moved after it was sealed');

/** The first event that does not match the seal; null when all are present, unchanged and in order. */
export const compareSegment = (seal: AuditSeal, events: readonly AuditEvent[]): AuditFault | null => {
  const entries = entriesOf(seal);
  const sealed = new Map(entries.map(({ id, hash }) => [id, hash]));
  const present = new Set(events.map(({ id }) => id));
  for (const [index, { id, hash }] of entries.entries()) {
    const event = events[index];
    if (event?.id === id) {
      if (eventHash(event) !== hash) return changed(id, seal.sequence);
      continue;
    }
    if (event && !sealed.has(event.id)) return inserted(event.id, seal.sequence);
    if (!present.has(id)) return missing(id, seal.sequence);
    // Out of order: either the time of one of the two was changed, or they were reordered.
    const altered = events.find((one) => (one.id === id || one === event) && eventHash(one) !== sealed.get(one.id));
    return altered ? changed(altered.id, seal.sequence) : moved(id, seal.sequence);
  }
  const surplus = events[entries.length];
  return surplus ? inserted(surplus.id, seal.sequence) : null;
};

/** {@link compareSegment} for a filtered segment, where absent events are not a fault. */
export const compareFiltered = (seal: AuditSeal, events: readonly AuditEvent[]): AuditFault | null => {
  const order = new Map(entriesOf(seal).map(({ id, hash }, index) => [id, { hash, index }]));
  let last = -1;
  for (const event of events) {
    const entry = order.get(event.id);
    if (!entry) return inserted(event.id, seal.sequence);
    if (entry.hash !== eventHash(event)) return changed(event.id, seal.sequence);
    if (entry.index <= last) return moved(event.id, seal.sequence);
    last = entry.index;
  }
  return null;
};

/** A seal with its events. */
export interface Segment {
  readonly seal: AuditSeal;
  readonly events: readonly AuditEvent[];
}

/** A part of a chain, in order; a tombstone takes the place of deleted segments. */
export type ChainPart = { readonly tombstone: AuditTombstone } | Segment;

/** Whether this event announced what the tombstone removed. */
const announces = ({ id, action, metadata }: AuditEvent, tombstone: AuditTombstone): boolean =>
  id === tombstone.announcedBy &&
  action === 'audit.retention.announced' &&
  metadata.days === tombstone.days &&
  metadata.newestEventAt === tombstone.newestEventAt &&
  Number(metadata.throughSegment) >= tombstone.throughSequence;

const sealFault = (segment: number, message: string): AuditFault => ({ kind: 'seal', segment, message });

/** Follows a chain from its beginning and finds where it is broken. */
export class ChainVerifier {
  checkedEvents = 0;
  checkedSegments = 0;
  removedByRetention = 0;
  end: ChainEnd = EMPTY_CHAIN;
  /** The newest tombstone whose announcement has not been met yet. */
  #unannounced: AuditTombstone | null = null;

  constructor(private readonly signer: Signer) {}

  /** Checks the next part and returns its fault; after one, later parts cannot be judged. */
  accept(part: ChainPart): AuditFault | null {
    return 'tombstone' in part ? this.#skip(part.tombstone) : this.#check(part);
  }

  /** Ends the chain: the fault of a removal that no event of the chain announced. */
  finish(): AuditFault | null {
    const tombstone = this.#unannounced;
    if (!tombstone?.announcedBy) return null;
    const { announcedBy: eventId, throughSequence: segment } = tombstone;
    const message = `The event that announced the removal of everything through segment ${segment} is missing or says something else (${eventId}).`;
    return { kind: 'missing', eventId, segment, message };
  }

  #skip(tombstone: AuditTombstone): AuditFault | null {
    if (!this.signer.verify(tombstoneText(tombstone), tombstone.signature)) {
      const message = 'The tombstone left by retention is not signed with a secret of this installation.';
      return sealFault(tombstone.throughSequence, message);
    }
    this.removedByRetention = tombstone.throughPosition;
    this.#unannounced = tombstone.announcedBy === undefined ? null : tombstone;
    this.end = endAfter(tombstone);
    return null;
  }

  #check({ seal, events }: Segment): AuditFault | null {
    const fault = this.#checkLink(seal) ?? checkSeal(seal, this.signer) ?? compareSegment(seal, events);
    if (fault) return fault;
    this.checkedEvents += events.length;
    this.checkedSegments += 1;
    const tombstone = this.#unannounced;
    if (tombstone && events.some((event) => announces(event, tombstone))) this.#unannounced = null;
    this.end = endOf(seal);
    return null;
  }

  #checkLink(seal: AuditSeal): AuditFault | null {
    const expected = this.end.sequence + 1;
    if (seal.sequence > expected) {
      return { kind: 'missing', segment: expected, message: `Segment ${expected} is missing, along with its seal.` };
    }
    if (seal.sequence < expected) {
      return { kind: 'moved', segment: seal.sequence, message: `Segment ${seal.sequence} is in the wrong place.` };
    }
    const isLinked = seal.previousHash === this.end.hash && seal.firstPosition === this.end.position + 1;
    return isLinked
      ? null
      : sealFault(expected, `The seal of segment ${expected} does not follow from the previous one.`);
  }
}

/** Checks the hash and the signature of a single seal. */
export const checkSeal = (seal: AuditSeal, signer: Signer): AuditFault | null => {
  const { sequence, hash, signature } = seal;
  if (sealHash(seal) !== hash) return sealFault(sequence, `The seal of segment ${sequence} was changed.`);
  if (signer.verify(sealText(hash), signature)) return null;
  return sealFault(sequence, `The seal of segment ${sequence} is not signed with a secret of this installation.`);
};
