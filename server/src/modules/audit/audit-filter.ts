import type { SelectQueryBuilder } from 'typeorm';
import type { AuditEventEntity } from './audit-event.entity.js';

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

const VALUE_FILTERS = ['actorType', 'actorId', 'action', 'targetType', 'targetId', 'result'] as const;

/** Restricts a query over `event` to what `filter` chooses. */
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

/** What the filter says, for the record; fields it does not restrict are left out. */
export const describeFilter = (filter: AuditFilter): Readonly<Record<string, string | readonly string[]>> => {
  const values = VALUE_FILTERS.flatMap((field) => (filter[field] ? [[field, filter[field]] as const] : []));
  return {
    ...Object.fromEntries(values),
    ...(filter.from && { from: filter.from.toISOString() }),
    ...(filter.to && { to: filter.to.toISOString() }),
  };
};
