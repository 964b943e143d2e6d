import { Injectable } from '@nestjs/common';
import type { SelectQueryBuilder } from 'typeorm';
import type { CommandId, CommandStatus } from '#contracts';
import { Database } from '../../database/database.js';
import { afterCursor, parseCursor, takePage } from '../../database/lists/keyset.js';
import { ListTotals, pageIds, readInOrder, Search } from '../../database/lists/list-reader.js';
import type { Rows, SortTerm } from '../../database/lists/page.js';
import { CommandEntity } from './command.entity.js';

/** Fields combine with AND, the values of one field with OR; `from` is inclusive, `to` exclusive. */
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

export type CommandSortField = 'createdAt' | 'completedAt';

interface CommandPageRequest {
  readonly sort: readonly SortTerm<CommandSortField>[];
  readonly page: number;
  readonly pageSize: number;
  readonly cursor?: string;
}

/** How many commands of one status were created in one stretch of time. */
export interface StretchCount {
  /** When the stretch begins, in multiples of its length. */
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

const VALUE_FILTERS = ['status', 'type', 'actionName', 'serviceId', 'agentId'] as const;

/** Names are searched once each in their own tables, not once for every command. */
const searchSql = (search: Search): string =>
  [
    search.in('command.action_name', 'command.id'),
    `command.service_id IN (SELECT id FROM capsule_services WHERE ${search.in('code', 'name')})`,
    `command.agent_id IN (SELECT id FROM agents WHERE ${search.in('code', 'name')})`,
    `(command.service_id, command.action_name) IN (SELECT service_id, name FROM service_actions WHERE ${search.in('label')})`,
  ].join(' OR ');

/** Pages of commands, and figures over many of them; what may take long is read in a worker. */
@Injectable()
export class CommandListsRepository {
  readonly #totals: ListTotals;

  constructor(private readonly db: Database) {
    this.#totals = new ListTotals(db);
  }

  /** One page, with the names of service, agent and action. */
  async list(filter: CommandFilter, request: CommandPageRequest): Promise<Rows<CommandEntity>> {
    const { sort, page, pageSize, cursor } = request;
    const position = parseCursor(cursor, sort);
    const query = this.#filtered(filter).limit(pageSize + 1);
    if (position) afterCursor(query, 'command', position);
    else query.offset((page - 1) * pageSize);
    for (const { field, direction } of sort) query.addOrderBy(`command.${field}`, direction, 'NULLS LAST');
    query.addOrderBy('command.id', sort.at(-1)?.direction ?? 'DESC');
    const [found, total] = await Promise.all([pageIds(this.db, query), this.#totals.of(this.#filtered(filter))]);
    const rows = await readInOrder<CommandId, CommandEntity>(
      found,
      (ids) => this.#withNames().where('command.id IN (:...ids)', { ids }).getMany(),
      ({ id }) => id,
    );
    return { ...takePage(rows, pageSize, sort), total };
  }

  /** The `limit` newest commands, with the names of service, agent and action. */
  newest(limit: number): Promise<CommandEntity[]> {
    return this.#withNames()
      .orderBy('command.createdAt', 'DESC')
      .addOrderBy('command.id', 'DESC')
      .limit(limit)
      .getMany();
  }

  async countByStatus(): Promise<{ status: CommandStatus; count: number }[]> {
    const query = this.#commands()
      .select('command.status', 'status')
      .addSelect('COUNT(*)', 'count')
      .groupBy('command.status');
    const rows = await this.#read<{ status: CommandStatus; count: string | number }>(query);
    return rows.map(({ status, count }) => ({ status, count: Number(count) }));
  }

  /** When the oldest pending command was created; null when none is pending. */
  async oldestPendingAt(): Promise<Date | null> {
    const sql = `SELECT created_at AS at FROM commands WHERE status = 'PENDING' ORDER BY created_at LIMIT 1`;
    const [oldest] = await this.db.query<{ at: string | number }>(sql, {});
    return oldest ? new Date(Number(oldest.at)) : null;
  }

  /** How long the `limit` commands took that an agent answered last, in milliseconds. */
  async newestDurationsMs(limit: number): Promise<number[]> {
    const query = this.#commands()
      .select('command.completed_at - command.started_at', 'duration')
      .where(`command.status IN ('SUCCEEDED', 'FAILED') AND command.started_at IS NOT NULL`)
      .orderBy('command.completed_at', 'DESC')
      .limit(limit);
    const rows = await this.#read<{ duration: string | number }>(query);
    return rows.map(({ duration }) => Number(duration));
  }

  /** The `limit` most frequent error codes, most frequent first. */
  async topErrors(limit: number): Promise<{ errorCode: string; count: number }[]> {
    const query = this.#commands()
      .select('command.error_code', 'error_code')
      .addSelect('COUNT(*)', 'count')
      .where('command.error_code IS NOT NULL')
      .groupBy('command.error_code')
      .orderBy('COUNT(*)', 'DESC')
      .addOrderBy('command.error_code')
      .limit(limit);
    const rows = await this.#read<{ error_code: string; count: string | number }>(query);
    return rows.map(({ error_code: errorCode, count }) => ({ errorCode, count: Number(count) }));
  }

  /** Commands by stretch of creation and status. */
  countByStretch(filter: CommandFilter, stretchMs: number): Promise<readonly StretchCount[]> {
    return this.#read(
      this.#stretches(filter, stretchMs)
        .addSelect('command.status', 'status')
        .addSelect('COUNT(*)', 'count')
        .groupBy('1, 2'),
    );
  }

  /** By nearest rank: the value at or below which half, or 95 in a hundred, of the durations lie. */
  durationsByStretch(filter: CommandFilter, stretchMs: number): Promise<readonly StretchDurations[]> {
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

  #read<R>(query: SelectQueryBuilder<CommandEntity>): Promise<readonly R[]> {
    return this.db.queryInWorker<R>(...query.getQueryAndParameters());
  }

  #commands(): SelectQueryBuilder<CommandEntity> {
    return this.db.manager().createQueryBuilder(CommandEntity, 'command');
  }

  #withNames(): SelectQueryBuilder<CommandEntity> {
    return this.#commands()
      .innerJoinAndSelect('command.service', 'service')
      .innerJoin('command.agent', 'agent')
      .leftJoin('command.action', 'action')
      .addSelect(['agent.id', 'agent.name', 'action.id', 'action.label']);
  }

  #stretches(filter: CommandFilter, stretchMs: number): SelectQueryBuilder<CommandEntity> {
    // A literal, not a parameter: databases take each use of a parameter for another expression, which breaks GROUP BY.
    return this.#filtered(filter).select(`command.created_at / ${Math.trunc(stretchMs)}`, 'stretch');
  }

  #filtered(filter: CommandFilter): SelectQueryBuilder<CommandEntity> {
    const query = this.#commands();
    for (const field of VALUE_FILTERS) {
      const values = filter[field];
      if (values) query.andWhere(`command.${field} IN (:...${field})`, { [field]: [...values] });
    }
    if (filter.q) {
      const search = new Search(this.db.kind, filter.q);
      query.andWhere(`(${searchSql(search)})`, { q: search.q });
    }
    if (filter.from) query.andWhere('command.created_at >= :from', { from: filter.from.getTime() });
    if (filter.to) query.andWhere('command.created_at < :to', { to: filter.to.getTime() });
    return query;
  }
}
