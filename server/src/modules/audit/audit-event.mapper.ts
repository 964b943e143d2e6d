import type { SelectQueryBuilder } from 'typeorm';
import type { AuditEvent, JsonObject } from '#contracts';
import { toInstant } from '../../common/clock.js';
import type { AuditEventEntity } from './audit-event.entity.js';

/** A row as stored, of any content: events are not trusted until they are verified. */
export type RawEvent = Readonly<Record<keyof AuditEvent, unknown>> & { readonly sealSequence: number | string | null };

const FIELDS = [
  'id',
  'createdAt',
  'actorType',
  'actorId',
  'actorName',
  'action',
  'targetType',
  'targetId',
  'result',
  'message',
  'ipAddress',
  'userAgent',
  'metadata',
  'sealSequence',
] as const satisfies readonly (keyof AuditEventEntity)[];

/** A stored event with the segment it belongs to; null when it is not sealed yet. */
export interface StoredEvent {
  readonly event: AuditEvent;
  readonly sealSequence: number | null;
}

type EventQuery = SelectQueryBuilder<AuditEventEntity>;

/** The SQL of `query` with the columns of a {@link RawEvent}; the text does not depend on parameter values. */
export const storedEventsText = (query: EventQuery): string => {
  for (const field of FIELDS) query.addSelect(`event.${field}`, field);
  return query.getQuery();
};

/** Orders events by segment and, within a segment, in sealed order. */
export const asSealed = (query: EventQuery): EventQuery =>
  query.orderBy('event.sealSequence').addOrderBy('event.createdAt').addOrderBy('event.id');

/** The event of a {@link RawEvent}. Building entities would take three times as long. */
export const toStoredEvent = ({ sealSequence, ...row }: RawEvent): StoredEvent => ({
  sealSequence: sealSequence === null ? null : Number(sealSequence),
  event: { ...(row as AuditEvent), createdAt: instantText(row.createdAt), metadata: metadataOf(row.metadata) },
});

/** A stored instant as ISO 8601; any other value as text. */
export const instantText = (stored: unknown): string => {
  const date = stored instanceof Date ? stored : new Date(Number(stored));
  return Number.isNaN(date.getTime()) ? String(stored) : date.toISOString();
};

const metadataOf = (stored: unknown): JsonObject => {
  try {
    return JSON.parse(String(stored)) as JsonObject;
  } catch {
    // No longer JSON; verification reports it by its hash.
    return { unreadable: String(stored) };
  }
};

/** The event as the API returns it. */
export const toAuditEvent = (event: AuditEventEntity): AuditEvent => ({
  id: event.id,
  actorType: event.actorType,
  actorId: event.actorId,
  actorName: event.actorName,
  action: event.action,
  targetType: event.targetType,
  targetId: event.targetId,
  result: event.result,
  message: event.message,
  ipAddress: event.ipAddress,
  userAgent: event.userAgent,
  metadata: event.metadata,
  createdAt: toInstant(event.createdAt),
});
