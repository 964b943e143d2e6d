import { Injectable } from '@nestjs/common';
import { In, type SelectQueryBuilder } from 'typeorm';
import type { AuditEvent, AuditEventId } from '#contracts';
import type { Rows } from '../../common/http/page.js';
import type { SortTerm } from '../../common/http/sort.js';
import { memoized } from '../../common/memory/memoized.js';
import { Database } from '../../database/database.js';
import { afterPosition, cutPage, positionOf, positionParameters, type Position } from '../../database/keyset.js';
import { ListTotals } from '../../database/list-totals.js';
import { pageIds, readInOrder } from '../../database/page-ids.js';
import type { Tx } from '../../database/tx.js';
import { AuditEventEntity } from './audit-event.entity.js';
import { applyFilter, type AuditFilter } from './audit-filter.js';
import { readStoredEvents, storedEventsText } from './stored-event.js';

interface AuditPageRequest {
  readonly sort: readonly SortTerm<'createdAt' | 'action'>[];
  readonly page: number;
  readonly pageSize: number;
  readonly cursor?: string;
}

/** In the place of one that comes later. */
const NOWHERE: Position = { at: new Date(0), id: '' };

const OUTLINE = [
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

/** An event as far as it is counted; its time in milliseconds, as the database gives it. */
export type AuditEventOutline = Omit<Pick<AuditEventEntity, (typeof OUTLINE)[number]>, 'createdAt'> & {
  readonly createdAt: number | string;
};

@Injectable()
export class AuditRepository {
  readonly #totals: ListTotals;

  constructor(private readonly db: Database) {
    this.#totals = new ListTotals(db);
  }

  async insert(event: AuditEventEntity, tx: Tx): Promise<void> {
    await tx.insert(AuditEventEntity, event);
  }

  findById(id: AuditEventId): Promise<AuditEventEntity | null> {
    return this.db.manager().findOneBy(AuditEventEntity, { id });
  }

  count(): Promise<number> {
    return this.#totals.of(this.#filtered({}));
  }

  async list(filter: AuditFilter, request: AuditPageRequest): Promise<Rows<AuditEventEntity>> {
    const { sort, page, pageSize, cursor } = request;
    const position = positionOf(cursor, sort);
    const query = this.#filtered(filter).limit(pageSize + 1);
    if (position) afterPosition(query, 'event', position);
    else query.offset((page - 1) * pageSize);
    for (const { field, direction } of sort) query.addOrderBy(`event.${field}`, direction);
    query.addOrderBy('event.id', sort.at(-1)?.direction ?? 'DESC');
    const [found, total] = await Promise.all([pageIds(this.db, query), this.#totals.of(this.#filtered(filter))]);
    const rows = await readInOrder(
      found,
      (ids) => this.db.manager().findBy(AuditEventEntity, { id: In(ids) }),
      ({ id }) => id,
    );
    return { ...cutPage(rows, pageSize, sort), total };
  }

  /** Reads `limit` events at most after a position, newest first and as they are stored, by statements put together once. */
  storedSlices(filter: AuditFilter, limit: number): (position: Position | null) => Promise<readonly AuditEvent[]> {
    const statement = memoized((isFirst: boolean) => {
      const query = newestFirst(
        this.#after(filter, isFirst ? null : NOWHERE)
          .select([])
          .limit(limit),
      );
      return { text: storedEventsText(query), parameters: query.getParameters() };
    });
    return async (position) => {
      const { text, parameters } = statement(position === null);
      const found = await readStoredEvents(this.db, text, {
        ...parameters,
        ...(position && positionParameters(position)),
      });
      return found.map(({ event }) => event);
    };
  }

  /** At most `limit` events after `position`, newest first, with what is counted only. */
  outlines(filter: AuditFilter, position: Position | null, limit: number): Promise<AuditEventOutline[]> {
    const query = this.#after(filter, position).select([]).limit(limit);
    for (const field of OUTLINE) query.addSelect(`event.${field}`, field);
    return newestFirst(query).getRawMany<AuditEventOutline>();
  }

  /** When the oldest of them was; null when there is none. */
  async firstAt(filter: AuditFilter): Promise<Date | null> {
    const oldest = this.#filtered(filter).select('event.created_at', 'at').orderBy('event.createdAt').limit(1);
    const [row] = await this.db.queryAside<{ readonly at: number | string }>(...oldest.getQueryAndParameters());
    return row ? new Date(Number(row.at)) : null;
  }

  newest(limit: number): Promise<AuditEventEntity[]> {
    return newestFirst(this.#filtered({}).take(limit)).getMany();
  }

  /** A position is before `to`; with a second upper bound the database may enter its index at the wrong one. */
  #after({ to, ...filter }: AuditFilter, position: Position | null): SelectQueryBuilder<AuditEventEntity> {
    if (!position) return this.#filtered({ ...filter, ...(to && { to }) });
    return afterPosition(this.#filtered(filter), 'event', position);
  }

  #filtered(filter: AuditFilter): SelectQueryBuilder<AuditEventEntity> {
    return applyFilter(this.db.manager().createQueryBuilder(AuditEventEntity, 'event'), filter);
  }
}

const newestFirst = (query: SelectQueryBuilder<AuditEventEntity>): SelectQueryBuilder<AuditEventEntity> =>
  query.orderBy('event.createdAt', 'DESC').addOrderBy('event.id', 'DESC');
