import { Injectable } from '@nestjs/common';
import type { SelectQueryBuilder } from 'typeorm';
import type { AuditEvent, AuditEventId } from '#contracts';
import { memoize } from '../../common/memory/cache.js';
import { Database } from '../../database/database.js';
import { afterCursor, type Position, positionParameters } from '../../database/lists/keyset.js';
import { ListReader, type ListRequest } from '../../database/lists/list-reader.js';
import type { Rows } from '../../database/lists/page.js';
import type { Tx } from '../../database/tx.js';
import { AuditEventEntity } from './audit-event.entity.js';
import { type RawEvent, storedEventsText, toStoredEvent } from './audit-event.mapper.js';

/** Fields are combined by AND, the values of one field by OR; `from` is inclusive, `to` exclusive. */
export interface AuditFilter {
  readonly actorType?: readonly string[];
  readonly actorId?: readonly string[];
  readonly action?: readonly string[];
  readonly targetType?: readonly string[];
  readonly targetId?: readonly string[];
  readonly result?: readonly string[];
  readonly from?: Date;
  readonly to?: Date;
}

const VALUE_FILTERS = ['actorType', 'actorId', 'action', 'targetType', 'targetId', 'result'] as const;

/** Restricts a query over `event` to the events that match `filter`. */
export const applyFilter = (
  query: SelectQueryBuilder<AuditEventEntity>,
  filter: AuditFilter,
): SelectQueryBuilder<AuditEventEntity> => {
  for (const field of VALUE_FILTERS) {
    const values = filter[field];
    if (values) query.andWhere(`event.${field} IN (:...${field})`, { [field]: [...values] });
  }
  if (filter.from) query.andWhere('event.created_at >= :from', { from: filter.from.getTime() });
  if (filter.to) query.andWhere('event.created_at < :to', { to: filter.to.getTime() });
  return query;
};

/** The filter as JSON, without the fields it does not restrict. */
export const describeFilter = (filter: AuditFilter): Readonly<Record<string, string | readonly string[]>> => {
  const values = VALUE_FILTERS.flatMap((field) => (filter[field] ? [[field, filter[field]] as const] : []));
  return {
    ...Object.fromEntries(values),
    ...(filter.from && { from: filter.from.toISOString() }),
    ...(filter.to && { to: filter.to.toISOString() }),
  };
};

/** A placeholder for a position that is supplied later. */
const NOWHERE: Position = { at: new Date(0), id: '' };

const PROJECTION = [
  'id',
  'createdAt',
  'actorType',
  'actorId',
  'actorName',
  'action',
  'targetType',
  'targetId',
  'result',
] as const satisfies readonly (keyof AuditEventEntity)[];

/** The counted fields of an event; its time in milliseconds, as the database returns it. */
export type AuditEventProjection = Omit<Pick<AuditEventEntity, (typeof PROJECTION)[number]>, 'createdAt'> & {
  readonly createdAt: number | string;
};

/** Rows of `audit_events`. */
@Injectable()
export class AuditRepository {
  readonly #list: ListReader<AuditEventEntity>;

  constructor(private readonly db: Database) {
    this.#list = new ListReader(db, AuditEventEntity, { hasCursors: true });
  }

  async insert(event: AuditEventEntity, tx: Tx): Promise<void> {
    await tx.insert(AuditEventEntity, event);
  }

  findById(id: AuditEventId): Promise<AuditEventEntity | null> {
    return this.db.findOne(AuditEventEntity, 'id = :id', { id });
  }

  count(): Promise<number> {
    return this.#list.count(this.#filtered({}));
  }

  list(filter: AuditFilter, request: ListRequest<'createdAt' | 'action'>): Promise<Rows<AuditEventEntity>> {
    return this.#list.page(this.#filtered(filter), request);
  }

  /** Returns a reader of at most `limit` stored events after a position, newest first. Its SQL is built once. */
  storedSlices(filter: AuditFilter, limit: number): (position: Position | null) => Promise<readonly AuditEvent[]> {
    const statement = memoize((isFirst: boolean) => {
      const query = newestFirst(
        this.#after(filter, isFirst ? null : NOWHERE)
          .select([])
          .limit(limit),
      );
      return { text: storedEventsText(query), parameters: query.getParameters() };
    });
    return async (position) => {
      const { text, parameters } = statement(position === null);
      const rows = await this.db.query<RawEvent>(text, {
        ...parameters,
        ...(position && positionParameters(position)),
      });
      return rows.map((row) => toStoredEvent(row).event);
    };
  }

  /** At most `limit` events after `position`, newest first, with only the counted fields. */
  projections(filter: AuditFilter, position: Position | null, limit: number): Promise<AuditEventProjection[]> {
    const query = this.#after(filter, position).select([]).limit(limit);
    for (const field of PROJECTION) query.addSelect(`event.${field}`, field);
    newestFirst(query);
    return this.db.query<AuditEventProjection>(query.getQuery(), query.getParameters());
  }

  /** The time of the oldest matching event; null when there is none. */
  async firstAt(filter: AuditFilter): Promise<Date | null> {
    const oldest = this.#filtered(filter).select('event.created_at', 'at').orderBy('event.createdAt').limit(1);
    const [row] = await this.db.queryInWorker<{ readonly at: number | string }>(
      oldest.getQuery(),
      oldest.getParameters(),
    );
    return row ? new Date(Number(row.at)) : null;
  }

  newest(limit: number): Promise<AuditEventEntity[]> {
    return this.db.find(AuditEventEntity, 'TRUE ORDER BY created_at DESC, id DESC LIMIT :limit', { limit });
  }

  /** A position is before `to`, and a second upper bound could make the database enter its index at the wrong one. */
  #after({ to, ...filter }: AuditFilter, position: Position | null): SelectQueryBuilder<AuditEventEntity> {
    if (!position) return this.#filtered({ ...filter, ...(to && { to }) });
    return afterCursor(this.#filtered(filter), 'event', position);
  }

  #filtered(filter: AuditFilter): SelectQueryBuilder<AuditEventEntity> {
    return applyFilter(this.db.select(AuditEventEntity, 'event'), filter);
  }
}

const newestFirst = (query: SelectQueryBuilder<AuditEventEntity>): SelectQueryBuilder<AuditEventEntity> =>
  query.orderBy('event.createdAt', 'DESC').addOrderBy('event.id', 'DESC');
