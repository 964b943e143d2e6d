import { Injectable } from '@nestjs/common';
import { In, type SelectQueryBuilder } from 'typeorm';
import type { AgentId, AgentStatus } from '#contracts';
import { inBatches, advanceTimestamps } from '../../database/bulk-update.js';
import { Database } from '../../database/database.js';
import { ListTotals, pageIds, readInOrder, Search } from '../../database/lists/list-reader.js';
import type { Rows, SortTerm } from '../../database/lists/page.js';
import type { EntityColumns } from '../../database/sql/entity-sql.js';
import type { Tx } from '../../database/tx.js';
import { AgentEntity } from './agent.entity.js';

export interface AgentFilter {
  readonly status?: readonly AgentStatus[];
  readonly q?: string;
}

export type AgentSortField = 'createdAt' | 'lastHeartbeatAt' | 'name';

interface AgentPageRequest {
  readonly sort: readonly SortTerm<AgentSortField>[];
  readonly page: number;
  readonly pageSize: number;
}

export interface AgentWithCount {
  readonly agent: AgentEntity;
  readonly serviceCount: number;
}

/** What a registration says of its agent, and when. */
export type Registration = Omit<AgentEntity, 'id' | 'code' | 'status' | 'heartbeatAuditedAt' | 'createdAt'>;

const SEEN = {
  table: 'agents',
  column: 'last_heartbeat_at',
  also: `status = 'ONLINE'`,
  where: `status NOT IN ('DISABLED', 'REVOKED')`,
} as const;

const SERVICE_COUNTS = `SELECT agent_id AS id, COUNT(*) AS count FROM capsule_services
  WHERE agent_id IN (:...ids) AND retired_at IS NULL GROUP BY agent_id`;

@Injectable()
export class AgentsRepository {
  readonly #agent: EntityColumns<AgentEntity>;
  readonly #totals: ListTotals;

  constructor(private readonly db: Database) {
    this.#agent = db.columns(AgentEntity, 'agent');
    this.#totals = new ListTotals(db);
  }

  async insert(agent: AgentEntity, tx: Tx): Promise<void> {
    await tx.insert(AgentEntity, agent);
  }

  async findByCode(code: string, tx: Tx): Promise<AgentEntity | null> {
    const text = `SELECT ${this.#agent.select} FROM agents agent WHERE agent.code = :code`;
    const [row] = await tx.query<Readonly<Record<string, unknown>>>(text, { code });
    return row ? this.#agent.hydrate(row) : null;
  }

  findById(id: AgentId, tx?: Tx): Promise<AgentEntity | null> {
    return this.db.manager(tx).findOneBy(AgentEntity, { id });
  }

  async findWithCount(id: AgentId, tx?: Tx): Promise<AgentWithCount | null> {
    const agent = await this.findById(id, tx);
    const [found] = await this.#withCounts(agent ? [agent] : [], tx);
    return found ?? null;
  }

  async list(filter: AgentFilter, { sort, page, pageSize }: AgentPageRequest): Promise<Rows<AgentWithCount>> {
    const query = this.#query();
    if (filter.status) query.andWhere('agent.status IN (:...status)', { status: [...filter.status] });
    if (filter.q) {
      const search = new Search(this.db.kind, filter.q);
      query.andWhere(search.in('agent.code', 'agent.name', 'agent.hostname'), { q: search.q });
    }
    const counted = query.clone();
    for (const { field, direction } of sort) query.addOrderBy(`agent.${field}`, direction, 'NULLS LAST');
    query
      .addOrderBy('agent.id', 'ASC')
      .offset((page - 1) * pageSize)
      .limit(pageSize);
    const [found, total] = await Promise.all([pageIds(this.db, query), this.#totals.of(counted)]);
    const agents = await readInOrder(
      found,
      (ids) => this.db.manager().findBy(AgentEntity, { id: In(ids) }),
      ({ id }) => id,
    );
    return { rows: await this.#withCounts(agents), total };
  }

  async countByStatus(): Promise<{ status: AgentStatus; count: number }[]> {
    const query = this.#query().select('agent.status', 'status').addSelect('COUNT(*)', 'count').groupBy('agent.status');
    const rows = await this.db.queryInWorker<{ status: AgentStatus; count: string | number }>(
      query.getQuery(),
      query.getParameters(),
    );
    return rows.map(({ status, count }) => ({ status, count: Number(count) }));
  }

  /**
   * Gives a known agent what it registered with anew; it is online, unless it is disabled. `liveSince`: only if the agent
   * was not heard of since then and was not revoked; null whatever it is. True if it did.
   */
  async reregister(id: AgentId, registration: Registration, liveSince: Date | null, tx: Tx): Promise<boolean> {
    const status = () => `CASE WHEN status = 'DISABLED' THEN 'DISABLED' ELSE 'ONLINE' END`;
    const changes = { ...registration, status };
    if (liveSince === null) return (await tx.update(AgentEntity, changes, 'id = :id', { id })) > 0;
    const isFree = `status <> 'REVOKED' AND NOT (status = 'ONLINE' AND last_heartbeat_at >= :liveSince)`;
    const parameters = { id, liveSince: liveSince.getTime() };
    return (await tx.update(AgentEntity, changes, `id = :id AND ${isFree}`, parameters)) > 0;
  }

  /** Moves the agent to `to` if it is in one of `from`; true for the only call that did. */
  async moveStatus(id: AgentId, from: readonly AgentStatus[], to: AgentStatus, at: Date, tx: Tx): Promise<boolean> {
    const changes = { status: to, updatedAt: at };
    const moved = await tx.update(AgentEntity, changes, 'id = :id AND status IN (:...from)', { id, from: [...from] });
    return moved > 0;
  }

  /** Notes a sign of life, by which an agent is online; false for one that is shut out. */
  async markSeen(id: AgentId, at: Date, tx: Tx): Promise<boolean> {
    const changes = { lastHeartbeatAt: at, status: 'ONLINE' } as const;
    return (await tx.update(AgentEntity, changes, `id = :id AND status NOT IN ('DISABLED', 'REVOKED')`, { id })) > 0;
  }

  /** Moves the last sign of life of many agents forward; those that are not shut out are online by it. */
  async saveLastSeen(instants: ReadonlyMap<AgentId, number>): Promise<void> {
    for (const batch of inBatches(instants)) {
      await this.db.transaction((tx) => advanceTimestamps(tx, this.db.kind, SEEN, batch));
    }
  }

  /** True for the only call that may audit a heartbeat since `before`. */
  async claimHeartbeatAudit(id: AgentId, at: Date, before: Date, tx: Tx): Promise<boolean> {
    const condition = 'id = :id AND (heartbeat_audited_at IS NULL OR heartbeat_audited_at < :before)';
    return (await tx.update(AgentEntity, { heartbeatAuditedAt: at }, condition, { id, before: before.getTime() })) > 0;
  }

  /** At most `limit` agents that count as online and were not heard of since `before`. */
  listSilent(before: Date, limit: number, tx: Tx): Promise<AgentEntity[]> {
    return tx.manager
      .createQueryBuilder(AgentEntity, 'agent')
      .where(`agent.status = 'ONLINE' AND agent.last_heartbeat_at < :before`, { before: before.getTime() })
      .orderBy('agent.lastHeartbeatAt')
      .limit(limit)
      .getMany();
  }

  /** Declares the agent offline unless it was heard of meanwhile; true for the only call that did. */
  async markOffline(id: AgentId, silentSince: Date, at: Date, tx: Tx): Promise<boolean> {
    const condition = `id = :id AND status = 'ONLINE' AND last_heartbeat_at < :silentSince`;
    const parameters = { id, silentSince: silentSince.getTime() };
    return (await tx.update(AgentEntity, { status: 'OFFLINE', updatedAt: at }, condition, parameters)) > 0;
  }

  /** How many services these agents report, all together. */
  async countServicesOf(ids: readonly AgentId[], tx: Tx): Promise<number> {
    if (ids.length === 0) return 0;
    const rows = await tx.query<{ count: string | number }>(SERVICE_COUNTS, { ids });
    return rows.reduce((total, { count }) => total + Number(count), 0);
  }

  async #withCounts(agents: readonly AgentEntity[], tx?: Tx): Promise<AgentWithCount[]> {
    if (agents.length === 0) return [];
    const ids = agents.map(({ id }) => id);
    const rows = await this.db.query<{ id: AgentId; count: string | number }>(SERVICE_COUNTS, { ids }, tx);
    const counts = new Map(rows.map(({ id, count }) => [id, Number(count)]));
    return agents.map((agent) => ({ agent, serviceCount: counts.get(agent.id) ?? 0 }));
  }

  #query(tx?: Tx): SelectQueryBuilder<AgentEntity> {
    return this.db.manager(tx).createQueryBuilder(AgentEntity, 'agent');
  }
}
