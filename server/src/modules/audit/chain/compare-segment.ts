import type { AuditEvent, AuditEventId, AuditFault, AuditSeal } from '#contracts';
import { entriesOf, eventHash } from './seal.js';

const fault = (kind: AuditFault['kind'], eventId: AuditEventId, segment: number, message: string): AuditFault => ({
  kind,
  eventId,
  segment,
  message: `${message} (${eventId}, segment ${segment}).`,
});

const changed = (id: AuditEventId, segment: number): AuditFault =>
  fault('changed', id, segment, 'An event is not what it was when it was sealed');

const inserted = (id: AuditEventId, segment: number): AuditFault =>
  fault('inserted', id, segment, 'An event stands where none was when it was sealed');

const missing = (id: AuditEventId, segment: number): AuditFault =>
  fault('missing', id, segment, 'An event that was sealed is gone');

/** An event that was sealed stands somewhere else. */
export const moved = (id: AuditEventId, segment: number): AuditFault =>
  fault('moved', id, segment, 'An event is not where it was when it was sealed');

/** The first event that is not as its seal says; null when all are there, unchanged and in their order. */
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
    // Out of order: because the time of one of the two was changed, or because they stand in another order.
    const altered = events.find((one) => (one.id === id || one === event) && eventHash(one) !== sealed.get(one.id));
    return altered ? changed(altered.id, seal.sequence) : moved(id, seal.sequence);
  }
  const surplus = events[entries.length];
  return surplus ? inserted(surplus.id, seal.sequence) : null;
};

/** {@link compareSegment} for a choice of a segment's events: those it does not have cannot be missed. */
export const compareChosen = (seal: AuditSeal, events: readonly AuditEvent[]): AuditFault | null => {
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
