import { Injectable } from '@nestjs/common';
import type { AgentId, AgentProcess, AgentStatus, AgentWarning } from '#contracts';
import { inBatches, advanceTimestamps } from '../../database/bulk-update.js';
import { Database } from '../../database/database.js';
import { ListReader, type ListRequest, Search } from '../../database/lists/list-reader.js';
import type { Rows } from '../../database/lists/page.js';
import type { Tx } from '../../database/tx.js';
import { AgentEntity, type AgentWithCount } from './agent.entity.js';

/** The update of {@link AgentsRepository.saveLastSeen}. */
const SEEN = {
  table: 'agents',
  column: 'last_heartbeat_at',
  where: `status NOT IN ('DISABLED', 'REVOKED')`,
} as const;

const SERVICE_COUNTS = `SELECT agent_id AS id, COUNT(*) AS count FROM capsule_services
  WHERE agent_id IN (:...ids) AND retired_at IS NULL GROUP BY agent_id`;

export interface AgentFilter {
  readonly status?: readonly AgentStatus[];
  readonly q?: string;
}

interface StatusChange {
  readonly from: readonly AgentStatus[];
  readonly to: AgentStatus;
  readonly at: Date;
}

export type AgentSortField = 'createdAt' | 'lastHeartbeatAt' | 'name';

/** The columns that a registration sets. */
export type Registration = Omit<
  AgentEntity,
  'id' | 'code' | 'status' | 'heartbeatAuditedAt' | 'warnings' | 'createdAt'
>;

/** Signs that somebody else has an agent's token. */
export type AgentMark = 'tokenReusedAt' | 'pollsDisplacedAt';

interface MarkedAt {
  readonly at: Date;
  readonly before: Date;
}

/** Reads and writes agents. */
@Injectable()
export class AgentsRepository {
  readonly #list: ListReader<AgentEntity>;

  constructor(private readonly db: Database) {
    this.#list = new ListReader(db, AgentEntity);
  }

  async insert(agent: AgentEntity, tx: Tx): Promise<void> {
    await tx.insert(AgentEntity, agent);
  }

  findByCode(code: string, tx?: Tx): Promise<AgentEntity | null> {
    return this.db.findOne(AgentEntity, 'code = :code', { code }, tx);
  }

  findById(id: AgentId, tx?: Tx): Promise<AgentEntity | null> {
    return this.db.findOne(AgentEntity, 'id = :id', { id }, tx);
  }

  async findWithCount(id: AgentId, tx?: Tx): Promise<AgentWithCount | null> {
    const agent = await this.findById(id, tx);
    const [found] = await this.#withCounts(agent ? [agent] : [], tx);
    return found ?? null;
  }

  list(filter: AgentFilter, request: ListRequest<AgentSortField>): Promise<Rows<AgentWithCount>> {
    const query = this.db.select(AgentEntity, 'agent');
    if (filter.status) query.andWhere('agent.status IN (:...status)', { status: [...filter.status] });
    if (filter.q) {
      const search = new Search(this.db.kind, filter.q);
      query.andWhere(search.in('agent.code', 'agent.name', 'agent.hostname'), { q: search.q });
    }
    return this.#list.page(query, request, {
      read: async (ids) => this.#withCounts(await this.db.find(AgentEntity, 'id IN (:...ids)', { ids })),
      idOf: ({ agent }) => agent.id,
    });
  }

  async countByStatus(): Promise<{ status: AgentStatus; count: number }[]> {
    const text = 'SELECT status, COUNT(*) AS count FROM agents GROUP BY status';
    const rows = await this.db.queryInWorker<{ status: AgentStatus; count: string | number }>(text);
    return rows.map(({ status, count }) => ({ status, count: Number(count) }));
  }

  /** How many agents are online although they were not seen since `before`. */
  async countSilent(before: Date): Promise<number> {
    const text = `SELECT COUNT(*) AS count FROM agents WHERE status = 'ONLINE' AND last_heartbeat_at < :before`;
    const [row] = await this.db.query<{ count: string | number }>(text, { before: before.getTime() });
    return Number(row?.count ?? 0);
  }

  /**
   * Stores a known agent's new registration and sets the agent online, unless it is disabled. With `liveSince`, does so
   * only if the agent is not revoked and was not seen online since then; with null, always. True if it was stored.
   */
  async reregister(id: AgentId, registration: Registration, liveSince: Date | null, tx: Tx): Promise<boolean> {
    const status = () => `CASE WHEN status = 'DISABLED' THEN 'DISABLED' ELSE 'ONLINE' END`;
    const changes = { ...registration, status };
    if (liveSince === null) return (await tx.update(AgentEntity, changes, 'id = :id', { id })) > 0;
    const isFree = `status <> 'REVOKED' AND NOT (status = 'ONLINE' AND last_heartbeat_at >= :liveSince)`;
    const parameters = { id, liveSince: liveSince.getTime() };
    return (await tx.update(AgentEntity, changes, `id = :id AND ${isFree}`, parameters)) > 0;
  }

  /** Stores what the agent says of its process; false for a disabled or revoked one. */
  async saveProcess(id: AgentId, process: AgentProcess, at: Date, tx: Tx): Promise<boolean> {
    const changes = { ...process, updatedAt: at };
    return (await tx.update(AgentEntity, changes, `id = :id AND status NOT IN ('DISABLED', 'REVOKED')`, { id })) > 0;
  }

  /** Sets the status to `to` if it is one of `from`; true for the one call that did. */
  async changeStatus(id: AgentId, { from, to, at }: StatusChange, tx: Tx): Promise<boolean> {
    const changes = { status: to, updatedAt: at };
    const condition = 'id = :id AND status IN (:...from)';
    return (await tx.update(AgentEntity, changes, condition, { id, from: [...from] })) > 0;
  }

  /** Records that the agent was seen and sets it online; false for a disabled or revoked one. */
  async markSeen(id: AgentId, at: Date, tx: Tx): Promise<boolean> {
    const changes = { lastHeartbeatAt: at, status: 'ONLINE' } as const;
    return (await tx.update(AgentEntity, changes, `id = :id AND status NOT IN ('DISABLED', 'REVOKED')`, { id })) > 0;
  }

  /** Sets an agent online that was declared offline; true for the one call that did. */
  async markReturned(id: AgentId, tx: Tx): Promise<boolean> {
    return (await tx.update(AgentEntity, { status: 'ONLINE' }, `id = :id AND status = 'OFFLINE'`, { id })) > 0;
  }

  /** Sets the mark to `at` unless it was set since `before`; true for the one call that did. */
  async mark(id: AgentId, mark: AgentMark, { at, before }: MarkedAt, tx: Tx): Promise<boolean> {
    const { column } = this.db.columnOf(AgentEntity, mark);
    const condition = `id = :id AND (${column} IS NULL OR ${column} < :before)`;
    return (await tx.update(AgentEntity, { [mark]: at }, condition, { id, before: before.getTime() })) > 0;
  }

  /**
   * Advances the last-seen times of these agents, unless they are disabled or revoked. One that was declared offline comes
   * back with {@link markReturned}, which is audited.
   */
  async saveLastSeen(instants: ReadonlyMap<AgentId, number>, now: Date): Promise<void> {
    for (const batch of inBatches(instants)) {
      await this.db.transaction((tx) => advanceTimestamps(tx, this.db.kind, { ...SEEN, now }, batch));
    }
  }

  /** Whether an agent has a last-seen time after this instant. */
  async isAnySeenAfter(now: Date): Promise<boolean> {
    return (await this.db.count(AgentEntity, 'last_heartbeat_at > :now', { now: now.getTime() })) > 0;
  }

  /** Sets last-seen times in the future to `now`: a clock that was ahead stored them. */
  async bringBackLastSeen(now: Date, tx: Tx): Promise<void> {
    await tx.update(AgentEntity, { lastHeartbeatAt: now }, 'last_heartbeat_at > :now', { now: now.getTime() });
  }

  /** True for the one call that may audit a heartbeat now, and only if none was audited since `before`. */
  async claimHeartbeatAudit(id: AgentId, at: Date, before: Date, tx: Tx): Promise<boolean> {
    const isDue = 'heartbeat_audited_at IS NULL OR heartbeat_audited_at < :before OR heartbeat_audited_at > :at';
    const parameters = { id, before: before.getTime(), at: at.getTime() };
    return (await tx.update(AgentEntity, { heartbeatAuditedAt: at }, `id = :id AND (${isDue})`, parameters)) > 0;
  }

  /** What could not be kept as the agent sent it; empty for an unknown agent. */
  async findWarnings(id: AgentId, tx?: Tx): Promise<readonly AgentWarning[]> {
    return (await this.findById(id, tx))?.warnings ?? [];
  }

  /** The agents with warnings. */
  async listWithWarnings(): Promise<ReadonlySet<AgentId>> {
    const rows = await this.db.query<{ readonly id: AgentId }>('SELECT id FROM agents WHERE warnings IS NOT NULL');
    return new Set(rows.map(({ id }) => id));
  }

  async saveWarnings(id: AgentId, warnings: readonly AgentWarning[], tx: Tx): Promise<void> {
    await tx.update(AgentEntity, { warnings: warnings.length > 0 ? [...warnings] : null }, 'id = :id', { id });
  }

  /** At most `limit` online agents that were not seen since `before`, longest silent first. */
  listSilent(before: Date, limit: number, tx: Tx): Promise<AgentEntity[]> {
    const condition = `status = 'ONLINE' AND last_heartbeat_at < :before ORDER BY last_heartbeat_at LIMIT :limit`;
    return this.db.find(AgentEntity, condition, { before: before.getTime(), limit }, tx);
  }

  /** Marks the agent offline unless it was seen since; true for the one call that did. */
  async markOffline(id: AgentId, silentSince: Date, at: Date, tx: Tx): Promise<boolean> {
    const condition = `id = :id AND status = 'ONLINE' AND last_heartbeat_at < :silentSince`;
    const parameters = { id, silentSince: silentSince.getTime() };
    return (await tx.update(AgentEntity, { status: 'OFFLINE', updatedAt: at }, condition, parameters)) > 0;
  }

  /** The total number of services of these agents, not counting retired ones. */
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
}
