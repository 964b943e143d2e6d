import { Injectable } from '@nestjs/common';
import type { SelectQueryBuilder } from 'typeorm';
import type { AgentId, CapsuleServiceId, CommandId, CommandStatus } from '#contracts';
import { memoize } from '../../common/memory/cache.js';
import { Database } from '../../database/database.js';
import { afterCursor, takePage, parseCursor } from '../../database/lists/keyset.js';
import { ListTotals, pageIds, readInOrder } from '../../database/lists/list-reader.js';
import type { Rows, SortTerm } from '../../database/lists/page.js';
import type { EntityColumns } from '../../database/sql/entity-sql.js';
import type { SqlParameters } from '../../database/sql/named-parameters.js';
import type { Tx } from '../../database/tx.js';
import { OPEN_STATUSES } from './command-lifecycle.js';
import { applyFilter, type CommandFilter } from './command-lists.repository.js';
import { CommandEntity } from './command.entity.js';

interface Row extends Readonly<Record<string, unknown>> {
  readonly service_code: string;
  readonly service_name: string;
}

interface ShownRow extends Row {
  readonly agent_name: string;
  readonly action_label: string | null;
}

// Looked up one by one: with SQLite a join of single rows takes several times as long.
const SERVICE = `(SELECT code FROM capsule_services WHERE id = command.service_id) AS service_code,
  (SELECT name FROM capsule_services WHERE id = command.service_id) AS service_name`;
const SHOWN = `(SELECT name FROM agents WHERE id = command.agent_id) AS agent_name,
  (SELECT label FROM service_actions action
    WHERE action.service_id = command.service_id AND action.name = command.action_name) AS action_label`;

/** The readings that every command takes on its way, written by hand: building each query anew would cost more than all else. */
export class HotCommands {
  readonly #command: EntityColumns<CommandEntity>;
  readonly #select = memoize(
    (rest: string) => `SELECT ${this.#command.list}, ${SERVICE} FROM commands command ${rest}`,
  );
  readonly #selectShown: string;

  constructor(private readonly db: Database) {
    this.#command = db.columnsOf(CommandEntity, 'command');
    this.#selectShown = `SELECT ${this.#command.list}, ${SERVICE}, ${SHOWN} FROM commands command WHERE command.id = :id`;
  }

  /** With what its service is called; the first that {@link list} gives. */
  async find(rest: string, parameters: SqlParameters, tx?: Tx): Promise<CommandEntity | null> {
    const [found] = await this.list(rest, parameters, tx);
    return found ?? null;
  }

  /** `rest`: what follows `FROM commands command`; written in code, always the same. */
  async list(rest: string, parameters: SqlParameters, tx?: Tx): Promise<CommandEntity[]> {
    return (await this.db.query<Row>(this.#select(rest), parameters, tx)).map((row) => this.#read(row));
  }

  /** With what its service, its agent and its action are called. */
  async findWithNames(id: CommandId, tx?: Tx): Promise<CommandEntity | null> {
    const [row] = await this.db.query<ShownRow>(this.#selectShown, { id }, tx);
    if (!row) return null;
    const action = row.action_label === null ? null : { label: row.action_label };
    return Object.assign(this.#read(row), { agent: { name: row.agent_name }, action });
  }

  #read(row: Row): CommandEntity {
    return Object.assign(this.#command.read(row), { service: { code: row.service_code, name: row.service_name } });
  }
}

export type CommandSortField = 'createdAt' | 'completedAt';

interface CommandPageRequest {
  readonly sort: readonly SortTerm<CommandSortField>[];
  readonly page: number;
  readonly pageSize: number;
  readonly cursor?: string;
}

type Ending = Partial<Pick<CommandEntity, 'errorCode' | 'errorMessage'>> & {
  readonly status: CommandStatus;
  readonly completedAt: Date;
};

// A `+` keeps SQLite from going by that column, over the waiting commands of all agents.
const CLAIMABLE = `command.status = 'PENDING' AND +command.expires_at > :now`;

// Looked up one by one, as single rows are elsewhere: SQLite makes joins of EXISTS.
const CLAIMABLE_OF_AGENT = `
  WHERE command.agent_id = :agentId AND ${CLAIMABLE}
    AND (SELECT status FROM agents WHERE id = command.agent_id) NOT IN ('DISABLED', 'REVOKED')
    AND (SELECT agent_id FROM capsule_services WHERE id = command.service_id) = command.agent_id
  ORDER BY +command.created_at, command.id LIMIT :limit`;

const HAS_CLAIMABLE = `SELECT 1 FROM commands command WHERE command.agent_id = :agentId AND ${CLAIMABLE} LIMIT 1`;

const CANCELLED_WHILE_RUNNING = `
  SELECT command.id, command.completed_at AS at FROM commands command
  WHERE command.agent_id = :agentId AND command.status = 'CANCELLED'
    AND command.started_at IS NOT NULL AND +command.completed_at >= :since
  LIMIT 100`;

const FINISHED_FIRST = `
  SELECT id FROM commands WHERE completed_at <= :before ORDER BY completed_at LIMIT :limit`;

@Injectable()
export class CommandsRepository {
  readonly #hot: HotCommands;
  readonly #totals: ListTotals;

  constructor(private readonly db: Database) {
    this.#hot = new HotCommands(db);
    this.#totals = new ListTotals(db);
  }

  async insert(command: CommandEntity, tx: Tx): Promise<void> {
    await tx.insert(CommandEntity, command);
  }

  findById(id: CommandId, tx?: Tx): Promise<CommandEntity | null> {
    return this.#hot.find('WHERE command.id = :id', { id }, tx);
  }

  /** With all that is shown of it. */
  findWithNames(id: CommandId, tx?: Tx): Promise<CommandEntity | null> {
    return this.#hot.findWithNames(id, tx);
  }

  findOfAgent(id: CommandId, agentId: AgentId, tx: Tx): Promise<CommandEntity | null> {
    return this.#hot.find('WHERE command.id = :id AND command.agent_id = :agentId', { id, agentId }, tx);
  }

  /** {@link findOfAgent}, and until the transaction ends nobody else changes it. */
  async holdOfAgent(id: CommandId, agentId: AgentId, tx: Tx): Promise<CommandEntity | null> {
    // A write that changes nothing locks the row on PostgreSQL; on SQLite nobody else writes meanwhile.
    const changes = { startedAt: () => 'started_at' };
    const held = await tx.update(CommandEntity, changes, 'id = :id AND agent_id = :agentId', { id, agentId });
    return held > 0 ? this.findOfAgent(id, agentId, tx) : null;
  }

  /**
   * At most `limit` commands the agent may claim now, oldest first; none when it is shut out, and none for a service that
   * has moved to another agent.
   */
  listClaimable(agentId: AgentId, now: Date, limit: number, tx: Tx): Promise<CommandEntity[]> {
    return this.#hot.list(CLAIMABLE_OF_AGENT, { agentId, now: now.getTime(), limit }, tx);
  }

  /** PENDING to RUNNING; true for the only poll that did it. */
  async claim(id: CommandId, at: Date, tx: Tx): Promise<boolean> {
    const changes = { status: 'RUNNING', startedAt: at } as const;
    return (await tx.update(CommandEntity, changes, `id = :id AND status = 'PENDING'`, { id })) > 0;
  }

  /** RUNNING to PENDING, for a claim whose answer did not reach the agent; true for the only call that did it. */
  async returnUndelivered(id: CommandId, claimedAt: Date, tx: Tx): Promise<boolean> {
    const changes = { status: 'PENDING', startedAt: null } as const;
    const condition = `id = :id AND status = 'RUNNING' AND started_at = :claimedAt`;
    return (await tx.update(CommandEntity, changes, condition, { id, claimedAt: claimedAt.getTime() })) > 0;
  }

  /** Moves the command from one of `from` to its end and erases its secrets; true for the only call that did it. */
  async end(id: CommandId, from: readonly CommandStatus[], ending: Ending, tx: Tx): Promise<boolean> {
    const condition = 'id = :id AND status IN (:...from)';
    const changes = { ...ending, sealedPayload: null };
    return (await tx.update(CommandEntity, changes, condition, { id, from: [...from] })) > 0;
  }

  /** What waits to be taken for the service, oldest first. */
  async listPendingOfService(serviceId: CapsuleServiceId, tx: Tx): Promise<CommandId[]> {
    const rows = await this.#query(tx)
      .select('command.id', 'id')
      .where(`command.service_id = :serviceId AND command.status = 'PENDING'`, { serviceId })
      .orderBy('command.createdAt')
      .addOrderBy('command.id')
      .getRawMany<{ id: CommandId }>();
    return rows.map(({ id }) => id);
  }

  /** At most `limit` open commands whose time is over. */
  listOverdue(now: Date, limit: number, tx: Tx): Promise<CommandEntity[]> {
    return this.#query(tx)
      .where('command.status IN (:...open) AND command.expires_at <= :now', {
        open: [...OPEN_STATUSES],
        now: now.getTime(),
      })
      .orderBy('command.expiresAt')
      .limit(limit)
      .getMany();
  }

  /** Deletes at most `limit` commands that ended before an instant, with all that hangs on them; returns how many. */
  deleteFinished(before: Date, limit: number, tx: Tx): Promise<number> {
    return tx.delete(CommandEntity, `id IN (${FINISHED_FIRST})`, { before: before.getTime(), limit });
  }

  /** Commands of the agent that were cancelled while it was running them, since `since`. */
  async listCancelledWhileRunning(agentId: AgentId, since: Date): Promise<{ id: CommandId; completedAt: Date }[]> {
    const parameters = { agentId, since: since.getTime() };
    const rows = await this.db.query<{ id: CommandId; at: string | number }>(CANCELLED_WHILE_RUNNING, parameters);
    return rows.map(({ id, at }) => ({ id, completedAt: new Date(Number(at)) }));
  }

  /** Whether the agent may claim anything now. */
  async hasClaimable(agentId: AgentId, now: Date): Promise<boolean> {
    return (await this.db.query(HAS_CLAIMABLE, { agentId, now: now.getTime() })).length > 0;
  }

  /** Agents that may claim something now. */
  async listAgentsWithClaimable(now: Date): Promise<AgentId[]> {
    const rows = await this.db
      .manager()
      .createQueryBuilder(CommandEntity, 'command')
      .select('DISTINCT command.agent_id', 'agentId')
      .where(CLAIMABLE, { now: now.getTime() })
      .getRawMany<{ agentId: AgentId }>();
    return rows.map(({ agentId }) => agentId);
  }

  /** Those of `ids` that have ended. */
  async listEnded(ids: readonly CommandId[]): Promise<CommandId[]> {
    if (ids.length === 0) return [];
    const rows = await this.db
      .manager()
      .createQueryBuilder(CommandEntity, 'command')
      .select('command.id', 'id')
      .where('command.id IN (:...ids) AND command.completed_at IS NOT NULL', { ids: [...ids] })
      .getRawMany<{ id: CommandId }>();
    return rows.map(({ id }) => id);
  }

  async list(filter: CommandFilter, request: CommandPageRequest): Promise<Rows<CommandEntity>> {
    const { sort, page, pageSize, cursor } = request;
    const position = parseCursor(cursor, sort);
    const query = this.#filtered(filter).limit(pageSize + 1);
    if (position) afterCursor(query, 'command', position);
    else query.offset((page - 1) * pageSize);
    for (const { field, direction } of sort) query.addOrderBy(`command.${field}`, direction, 'NULLS LAST');
    query.addOrderBy('command.id', sort.at(-1)?.direction ?? 'DESC');
    const [found, total] = await Promise.all([pageIds(this.db, query), this.#totals.of(this.#filtered(filter))]);
    const rows = await readInOrder(
      found,
      (ids) => this.#shown().where('command.id IN (:...ids)', { ids }).getMany(),
      ({ id }) => id,
    );
    return { ...takePage(rows, pageSize, sort), total };
  }

  newest(limit: number): Promise<CommandEntity[]> {
    return this.#shown().orderBy('command.createdAt', 'DESC').addOrderBy('command.id', 'DESC').limit(limit).getMany();
  }

  async countByStatus(): Promise<{ status: CommandStatus; count: number }[]> {
    const query = this.db
      .manager()
      .createQueryBuilder(CommandEntity, 'command')
      .select('command.status', 'status')
      .addSelect('COUNT(*)', 'count')
      .groupBy('command.status');
    const rows = await this.db.queryInWorker<{ status: CommandStatus; count: string | number }>(
      ...query.getQueryAndParameters(),
    );
    return rows.map(({ status, count }) => ({ status, count: Number(count) }));
  }

  async oldestPendingAt(): Promise<Date | null> {
    const oldest = await this.#query()
      .where(`command.status = 'PENDING'`)
      .orderBy('command.createdAt')
      .limit(1)
      .getOne();
    return oldest?.createdAt ?? null;
  }

  /** How long the newest `limit` commands took that an agent answered, in milliseconds. */
  async newestDurationsMs(limit: number): Promise<number[]> {
    const query = this.db
      .manager()
      .createQueryBuilder(CommandEntity, 'command')
      .select('command.completed_at - command.started_at', 'duration')
      .where(`command.status IN ('SUCCEEDED', 'FAILED') AND command.started_at IS NOT NULL`)
      .orderBy('command.completed_at', 'DESC')
      .limit(limit);
    const rows = await this.db.queryInWorker<{ duration: string | number }>(...query.getQueryAndParameters());
    return rows.map(({ duration }) => Number(duration));
  }

  async topErrors(limit: number): Promise<{ errorCode: string; count: number }[]> {
    const query = this.db
      .manager()
      .createQueryBuilder(CommandEntity, 'command')
      .select('command.error_code', 'error_code')
      .addSelect('COUNT(*)', 'count')
      .where('command.error_code IS NOT NULL')
      .groupBy('command.error_code')
      .orderBy('COUNT(*)', 'DESC')
      .addOrderBy('command.error_code')
      .limit(limit);
    const rows = await this.db.queryInWorker<{ error_code: string; count: string | number }>(
      ...query.getQueryAndParameters(),
    );
    return rows.map(({ error_code: errorCode, count }) => ({ errorCode, count: Number(count) }));
  }

  #query(tx?: Tx): SelectQueryBuilder<CommandEntity> {
    return this.db
      .manager(tx)
      .createQueryBuilder(CommandEntity, 'command')
      .innerJoinAndSelect('command.service', 'service');
  }

  /** Besides its service also what its agent and its action are called; dispatch does without. */
  #shown(): SelectQueryBuilder<CommandEntity> {
    return this.#query()
      .innerJoin('command.agent', 'agent')
      .leftJoin('command.action', 'action')
      .addSelect(['agent.id', 'agent.name', 'action.id', 'action.label']);
  }

  /** The commands alone, to find which they are. */
  #filtered(filter: CommandFilter): SelectQueryBuilder<CommandEntity> {
    return applyFilter(this.db.manager().createQueryBuilder(CommandEntity, 'command'), this.db.kind, filter);
  }
}
