import type { SelectQueryBuilder } from 'typeorm';
import type { AuditEvent, JsonObject } from '#contracts';
import { toInstant } from '../../common/clock.js';
import type { AuditEventEntity } from './audit-event.entity.js';

/** A row as it is stored, whatever its content: what is yet to be verified cannot be trusted. */
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

export interface StoredEvent {
  readonly event: AuditEvent;
  readonly sealSequence: number | null;
}

type EventQuery = SelectQueryBuilder<AuditEventEntity>;

/** The statement of `query`, which selects nothing yet: one text whatever the values of its parameters. */
export const storedEventsText = (query: EventQuery): string => {
  for (const field of FIELDS) query.addSelect(`event.${field}`, field);
  return query.getQuery();
};

/** Orders events by segment, and within it as they are sealed. */
export const asSealed = (query: EventQuery): EventQuery =>
  query.orderBy('event.sealSequence').addOrderBy('event.createdAt').addOrderBy('event.id');

/** The event of a row that such a statement finds. An entity of it would take three times as long. */
export const toStoredEvent = ({ sealSequence, ...row }: RawEvent): StoredEvent => ({
  sealSequence: sealSequence === null ? null : Number(sealSequence),
  event: { ...(row as AuditEvent), createdAt: instantText(row.createdAt), metadata: metadataOf(row.metadata) },
});

/** ISO 8601 of a stored instant; of anything else, what it is. */
export const instantText = (stored: unknown): string => {
  const date = stored instanceof Date ? stored : new Date(Number(stored));
  return Number.isNaN(date.getTime()) ? String(stored) : date.toISOString();
};

const metadataOf = (stored: unknown): JsonObject => {
  try {
    return JSON.parse(String(stored)) as JsonObject;
  } catch {
    // Not JSON any more: its hash will say so.
    return { unreadable: String(stored) };
  }
};

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
