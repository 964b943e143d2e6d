import type { SelectQueryBuilder } from 'typeorm';
import type { AuditEvent, JsonObject } from '#contracts';
import { toInstant } from '../../common/clock.js';
import type { Database } from '../../database/database.js';
import type { SqlParameters } from '../../database/sql/named-parameters.js';
import type { Tx } from '../../database/tx.js';
import type { AuditEventEntity } from './audit-event.entity.js';

/** A row as it is, also when its content is none this server wrote: what is to be proven cannot be trusted yet. */
type RawEvent = Readonly<Record<keyof AuditEvent, unknown>> & { readonly sealSequence: number | string | null };

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

/** The statement of `query`, which selects nothing yet. Run by itself it is prepared once, whatever the numbers in it. */
export const storedEventsText = (query: EventQuery): string => {
  for (const field of FIELDS) query.addSelect(`event.${field}`, field);
  return query.getQuery();
};

/** The events that such a statement finds, in its order. Entities of them would take three times as long. */
export const readStoredEvents = async (
  db: Database,
  text: string,
  parameters: SqlParameters,
  tx?: Tx,
): Promise<readonly StoredEvent[]> => (await db.query<RawEvent>(text, parameters, tx)).map(toStoredEvent);

/** Segment by segment, and in the order they are sealed in. */
export const asSealed = (query: EventQuery): EventQuery =>
  query.orderBy('event.sealSequence').addOrderBy('event.createdAt').addOrderBy('event.id');

const toStoredEvent = ({ sealSequence, ...row }: RawEvent): StoredEvent => ({
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
