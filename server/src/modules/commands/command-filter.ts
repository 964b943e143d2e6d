import type { SelectQueryBuilder } from 'typeorm';
import type { DatabaseKind } from '#contracts';
import { Search } from '../../database/search.js';
import type { CommandEntity } from './command.entity.js';

/** Different fields are AND, the values of one are OR; `from` is included, `to` is not. */
export interface CommandFilter {
  readonly status?: readonly string[];
  readonly type?: readonly string[];
  readonly actionName?: readonly string[];
  readonly serviceId?: readonly string[];
  readonly agentId?: readonly string[];
  /** Part of the command's id, or of the name of its action, service or agent. */
  readonly q?: string;
  readonly from?: Date;
  readonly to?: Date;
}

const VALUE_FILTERS = ['status', 'type', 'actionName', 'serviceId', 'agentId'] as const;

/** What has the searched name is found once, not once for every command. */
const searchSql = (search: Search): string =>
  [
    search.in('command.action_name', 'command.id'),
    `command.service_id IN (SELECT id FROM capsule_services WHERE ${search.in('code', 'name')})`,
    `command.agent_id IN (SELECT id FROM agents WHERE ${search.in('code', 'name')})`,
    `(command.service_id, command.action_name) IN (SELECT service_id, name FROM service_actions WHERE ${search.in('label')})`,
  ].join(' OR ');

/** Narrows a query of commands, known in it as `command`. */
export const applyFilter = (
  query: SelectQueryBuilder<CommandEntity>,
  kind: DatabaseKind,
  filter: CommandFilter,
): SelectQueryBuilder<CommandEntity> => {
  for (const field of VALUE_FILTERS) {
    const values = filter[field];
    if (values) query.andWhere(`command.${field} IN (:...${field})`, { [field]: [...values] });
  }
  if (filter.q) {
    const search = new Search(kind, filter.q);
    query.andWhere(`(${searchSql(search)})`, { q: search.q });
  }
  if (filter.from) query.andWhere('command.created_at >= :from', { from: filter.from.getTime() });
  if (filter.to) query.andWhere('command.created_at < :to', { to: filter.to.getTime() });
  return query;
};
