import { Injectable } from '@nestjs/common';
import type { SelectQueryBuilder } from 'typeorm';
import type { AuditEventId } from '#contracts';
import type { Rows } from '../../common/http/page.js';
import type { SortTerm } from '../../common/http/sort.js';
import { Database } from '../../database/database.js';
import { afterPosition, cutPage, positionOf, type Position } from '../../database/keyset.js';
import { ListTotals } from '../../database/list-totals.js';
import type { Tx } from '../../database/tx.js';
import { AuditEventEntity } from './audit-event.entity.js';

/** Different fields are AND, the values of one are OR; `from` is included, `to` is not. */
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

interface AuditPageRequest {
  readonly sort: readonly SortTerm<'createdAt' | 'action'>[];
  readonly page: number;
  readonly pageSize: number;
  readonly cursor?: string;
}

const VALUE_FILTERS = ['actorType', 'actorId', 'action', 'targetType', 'targetId', 'result'] as const;

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
    const query = this.#filtered(filter).take(pageSize + 1);
    if (position) afterPosition(query, 'event', position);
    else query.skip((page - 1) * pageSize);
    for (const { field, direction } of sort) query.addOrderBy(`event.${field}`, direction);
    query.addOrderBy('event.id', sort.at(-1)?.direction ?? 'DESC');
    const rows = await query.getMany();
    return { ...cutPage(rows, pageSize, sort), total: await this.#totals.of(this.#filtered(filter)) };
  }

  /** At most `limit` events after `position`, newest first. */
  slice(filter: AuditFilter, position: Position | null, limit: number): Promise<AuditEventEntity[]> {
    const query = this.#filtered(filter).take(limit);
    return newestFirst(position ? afterPosition(query, 'event', position) : query).getMany();
  }

  newest(limit: number): Promise<AuditEventEntity[]> {
    return this.slice({}, null, limit);
  }

  /** Deletes at most `limit` events older than `before`; returns how many. */
  async deleteOlderThan(before: Date, limit: number, tx: Tx): Promise<number> {
    const old = tx.manager
      .createQueryBuilder(AuditEventEntity, 'event')
      .select('event.id')
      .where('event.created_at < :before', { before: before.getTime() })
      .orderBy('event.created_at')
      .limit(limit);
    const deleted = await tx.manager
      .createQueryBuilder()
      .delete()
      .from(AuditEventEntity)
      .where(`id IN (${old.getQuery()})`)
      .setParameters(old.getParameters())
      .execute();
    return deleted.affected ?? 0;
  }

  #filtered(filter: AuditFilter): SelectQueryBuilder<AuditEventEntity> {
    const query = this.db.manager().createQueryBuilder(AuditEventEntity, 'event');
    for (const field of VALUE_FILTERS) {
      const values = filter[field];
      if (values) query.andWhere(`event.${field} IN (:...${field})`, { [field]: [...values] });
    }
    if (filter.from) query.andWhere('event.created_at >= :from', { from: filter.from.getTime() });
    if (filter.to) query.andWhere('event.created_at < :to', { to: filter.to.getTime() });
    return query;
  }
}

const newestFirst = (query: SelectQueryBuilder<AuditEventEntity>): SelectQueryBuilder<AuditEventEntity> =>
  query.orderBy('event.createdAt', 'DESC').addOrderBy('event.id', 'DESC');
