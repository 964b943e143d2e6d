import { Injectable } from '@nestjs/common';
import type { SelectQueryBuilder } from 'typeorm';
import type { CommandStatus, DatabaseKind } from '#contracts';
import { Database } from '../../database/database.js';
import { Search } from '../../database/lists/list-reader.js';
import { CommandEntity } from './command.entity.js';

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

/** How many commands of one status were created in one stretch of time. */
export interface StatusCount {
  /** When the stretch begins, in multiples of its width. */
  readonly stretch: number | string;
  readonly status: CommandStatus;
  readonly count: number | string;
}

/** How long the answered commands took that were created in one stretch of time. */
export interface StretchDurations {
  readonly stretch: number | string;
  readonly answered: number | string;
  readonly p50: number | string;
  readonly p95: number | string;
}

/** Counts commands over time, beside the serving thread. */
@Injectable()
export class CommandSummaryRepository {
  constructor(private readonly db: Database) {}

  countByStatus(filter: CommandFilter, stretchMs: number): Promise<readonly StatusCount[]> {
    const query = this.#stretches(filter, stretchMs)
      .addSelect('command.status', 'status')
      .addSelect('COUNT(*)', 'count')
      .groupBy('1, 2');
    return this.db.queryInWorker<StatusCount>(...query.getQueryAndParameters());
  }

  /** By nearest rank: the value at or below which half, or 95 of a hundred, of the durations lie. */
  durations(filter: CommandFilter, stretchMs: number): Promise<readonly StretchDurations[]> {
    const [answered, values] = this.#stretches(filter, stretchMs)
      .addSelect('command.completed_at - command.started_at', 'duration')
      .andWhere(`command.status IN ('SUCCEEDED', 'FAILED') AND command.started_at IS NOT NULL`)
      .getQueryAndParameters();
    const ranked = `
      SELECT stretch, duration, COUNT(*) OVER (PARTITION BY stretch) AS answered,
        ROW_NUMBER() OVER (PARTITION BY stretch ORDER BY duration) AS place
      FROM (${answered}) one`;
    const sql = `
      SELECT stretch, answered,
        MIN(CASE WHEN place * 100 >= answered * 50 THEN duration END) AS p50,
        MIN(CASE WHEN place * 100 >= answered * 95 THEN duration END) AS p95
      FROM (${ranked}) ranked GROUP BY stretch, answered`;
    return this.db.queryInWorker<StretchDurations>(sql, values);
  }

  #stretches(filter: CommandFilter, stretchMs: number): SelectQueryBuilder<CommandEntity> {
    const commands = this.db.manager().createQueryBuilder(CommandEntity, 'command');
    // A whole number of ours: a parameter would count as another expression wherever it is repeated.
    commands.select(`command.created_at / ${Math.trunc(stretchMs)}`, 'stretch');
    return applyFilter(commands, this.db.kind, filter);
  }
}
