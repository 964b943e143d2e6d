import { Injectable } from '@nestjs/common';
import type { SelectQueryBuilder } from 'typeorm';
import type { CommandErrorCount, CommandStatus, CommandType } from '#contracts';
import { Database } from '../../database/database.js';
import { ListReader, type ListRequest, Search } from '../../database/lists/list-reader.js';
import type { Rows } from '../../database/lists/page.js';
import { CommandEntity } from './command.entity.js';
import { CommandsRepository } from './commands.repository.js';

const VALUE_FILTERS = ['status', 'type', 'actionName', 'serviceId', 'agentId'] as const;

const ANSWERED = `status IN ('SUCCEEDED', 'FAILED') AND started_at IS NOT NULL`;

const OLDEST_PENDING = `SELECT created_at AS at FROM commands WHERE status = 'PENDING' ORDER BY created_at LIMIT 1`;

const NEWEST_DURATIONS = `
  SELECT completed_at - started_at AS duration FROM commands
  WHERE ${ANSWERED} ORDER BY completed_at DESC LIMIT :limit`;

const TOP_ERRORS = `
  SELECT error_code, COUNT(*) AS count FROM commands WHERE error_code IS NOT NULL
  GROUP BY error_code ORDER BY COUNT(*) DESC, error_code LIMIT :limit`;

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

/** How many commands there are of a type and a status, and how many of them an agent has taken. */
export interface KindCount {
  readonly type: CommandType;
  readonly status: CommandStatus;
  readonly count: number;
  readonly taken: number;
}

/** How many commands of one status were created in one bucket of time. */
export interface BucketCount {
  /** When the bucket begins, in multiples of its length since the epoch. */
  readonly bucket: number | string;
  readonly status: CommandStatus;
  readonly count: number | string;
}

/** The durations of the answered commands that were created in one bucket of time. */
export interface BucketDurations {
  readonly bucket: number | string;
  readonly answered: number | string;
  readonly p50: number | string;
  readonly p95: number | string;
}

/** Filtered pages of commands, and figures over all of them. A worker thread reads what may take long. */
@Injectable()
export class CommandListsRepository {
  readonly #reader: ListReader<CommandEntity>;

  constructor(
    private readonly db: Database,
    private readonly commands: CommandsRepository,
  ) {
    this.#reader = new ListReader(db, CommandEntity, { hasCursors: true });
  }

  /** One page, with the names of service, agent and action. @throws VALIDATION_FAILED for a cursor that does not fit */
  list(filter: CommandFilter, request: ListRequest<'createdAt' | 'completedAt'>): Promise<Rows<CommandEntity>> {
    return this.#reader.page(this.#filtered(filter), request, {
      read: (ids) => this.commands.listWithNames(ids),
      idOf: ({ id }) => id,
    });
  }

  async countByStatus(): Promise<{ status: CommandStatus; count: number }[]> {
    const rows = await this.db.queryInWorker<{ status: CommandStatus; count: string | number }>(
      'SELECT status, COUNT(*) AS count FROM commands GROUP BY status',
    );
    return rows.map(({ status, count }) => ({ status, count: Number(count) }));
  }

  async countByKind(): Promise<KindCount[]> {
    const rows = await this.db.queryInWorker<
      Omit<KindCount, 'count' | 'taken'> & Record<'count' | 'taken', string | number>
    >('SELECT type, status, COUNT(*) AS count, COUNT(started_at) AS taken FROM commands GROUP BY type, status');
    return rows.map(({ count, taken, ...kind }) => ({ ...kind, count: Number(count), taken: Number(taken) }));
  }

  /** When the oldest pending command was created; null when none is pending. */
  async oldestPendingAt(): Promise<Date | null> {
    const [oldest] = await this.db.query<{ at: string | number }>(OLDEST_PENDING);
    return oldest ? new Date(Number(oldest.at)) : null;
  }

  /** The durations of the `limit` commands answered last, in milliseconds. */
  async newestDurationsMs(limit: number): Promise<number[]> {
    const rows = await this.db.queryInWorker<{ duration: string | number }>(NEWEST_DURATIONS, { limit });
    return rows.map(({ duration }) => Number(duration));
  }

  /** The `limit` most frequent error codes, most frequent first. */
  async topErrors(limit: number): Promise<CommandErrorCount[]> {
    const rows = await this.db.queryInWorker<{ error_code: string; count: string | number }>(TOP_ERRORS, { limit });
    return rows.map(({ error_code: code, count }) => ({ code, errorCode: code, count: Number(count) }));
  }

  /** How many commands of each status were created in each bucket of time. */
  countByBucket(filter: CommandFilter, bucketMs: number): Promise<readonly BucketCount[]> {
    const query = this.#buckets(filter, bucketMs)
      .addSelect('command.status', 'status')
      .addSelect('COUNT(*)', 'count')
      .groupBy('1, 2');
    return this.db.queryInWorker<BucketCount>(query.getQuery(), query.getParameters());
  }

  /** The number, median and 95th percentile (nearest rank) of the durations in each bucket of time. */
  durationsByBucket(filter: CommandFilter, bucketMs: number): Promise<readonly BucketDurations[]> {
    const answered = this.#buckets(filter, bucketMs)
      .addSelect('command.completed_at - command.started_at', 'duration')
      .andWhere(ANSWERED);
    const ranked = `
      SELECT bucket, duration, COUNT(*) OVER (PARTITION BY bucket) AS answered,
        ROW_NUMBER() OVER (PARTITION BY bucket ORDER BY duration) AS place
      FROM (${answered.getQuery()}) one`;
    const sql = `
      SELECT bucket, answered,
        MIN(CASE WHEN place * 100 >= answered * 50 THEN duration END) AS p50,
        MIN(CASE WHEN place * 100 >= answered * 95 THEN duration END) AS p95
      FROM (${ranked}) ranked GROUP BY bucket, answered`;
    return this.db.queryInWorker<BucketDurations>(sql, answered.getParameters());
  }

  #buckets(filter: CommandFilter, bucketMs: number): SelectQueryBuilder<CommandEntity> {
    // A literal, not a parameter: to a database, each use of a parameter is a different expression, which breaks GROUP BY.
    return this.#filtered(filter).select(`command.created_at / ${Math.trunc(bucketMs)}`, 'bucket');
  }

  #filtered(filter: CommandFilter): SelectQueryBuilder<CommandEntity> {
    const query = this.db.select(CommandEntity, 'command');
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

/** Names are searched once in their own tables, not once for every command. */
const searchSql = (search: Search): string =>
  [
    search.in('command.action_name', 'command.id'),
    `command.service_id IN (SELECT id FROM capsule_services WHERE ${search.in('code', 'name')})`,
    `command.agent_id IN (SELECT id FROM agents WHERE ${search.in('code', 'name')})`,
    `(command.service_id, command.action_name) IN (SELECT service_id, name FROM service_actions WHERE ${search.in('label')})`,
  ].join(' OR ');
