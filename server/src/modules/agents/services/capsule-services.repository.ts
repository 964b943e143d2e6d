import { Injectable } from '@nestjs/common';
import type { SelectQueryBuilder } from 'typeorm';
import type { AgentId, CapsuleServiceId, CapsuleServiceStatus, HealthStatus } from '#contracts';
import { memoize } from '../../../common/memory/cache.js';
import { inBatches, advanceTimestamps } from '../../../database/bulk-update.js';
import { Database } from '../../../database/database.js';
import { ListTotals, pageIds, readInOrder, Search } from '../../../database/lists/list-reader.js';
import type { Rows, SortTerm } from '../../../database/lists/page.js';
import type { EntityColumns } from '../../../database/sql/entity-sql.js';
import type { SqlParameters } from '../../../database/sql/named-parameters.js';
import type { Tx } from '../../../database/tx.js';
import { AgentEntity } from '../agent.entity.js';
import { StatusCutoffs } from '../liveness/silence-thresholds.js';
import { CapsuleServiceEntity } from './capsule-service.entity.js';
import { ServiceWithStatus } from './capsule-service.mapper.js';
import { AGENT_SILENT_SQL, INACTIVE_AGENT_SQL, HAS_LABEL_SQL, SERVICE_STATUS_SQL } from './service-status.sql.js';

export interface ServiceFilter {
  readonly status?: readonly CapsuleServiceStatus[];
  readonly healthStatus?: readonly HealthStatus[];
  readonly agentId?: readonly AgentId[];
  readonly runtime?: readonly string[];
  /** Each the key of a label, or `key:value`. */
  readonly label?: readonly string[];
  readonly q?: string;
  readonly includeRetired?: boolean;
}

export type ServiceSortField = 'name' | 'code' | 'lastReportedAt' | 'createdAt';

interface ServicePageRequest {
  readonly sort: readonly SortTerm<ServiceSortField>[];
  readonly page: number;
  readonly pageSize: number;
}

const REPORTED = {
  table: 'capsule_services',
  column: 'last_reported_at',
  also: 'stale_noted_at = NULL',
  where: 'retired_at IS NULL',
} as const;

interface DerivedRow extends Readonly<Record<string, unknown>> {
  readonly derived_status: CapsuleServiceStatus;
  readonly agent_silent: number | string;
}

@Injectable()
export class CapsuleServicesRepository {
  readonly #service: EntityColumns<CapsuleServiceEntity>;
  readonly #agent: EntityColumns<AgentEntity>;

  readonly #selectWhere = memoize(
    // The agent is looked up: with SQLite a join of single rows takes several times as long.
    (condition: string) => `SELECT ${this.#service.select},
        (SELECT ${SERVICE_STATUS_SQL} FROM agents agent WHERE agent.id = service.agent_id) AS derived_status,
        (SELECT CASE WHEN ${AGENT_SILENT_SQL} THEN 1 ELSE 0 END FROM agents agent
          WHERE agent.id = service.agent_id) AS agent_silent
      FROM capsule_services service WHERE ${condition}`,
  );
  readonly #selectAgents: string;
  readonly #selectOfAgent: string;
  readonly #totals: ListTotals;

  constructor(
    private readonly db: Database,
    private readonly cutoffs: StatusCutoffs,
  ) {
    this.#totals = new ListTotals(db);
    this.#service = db.columns(CapsuleServiceEntity, 'service');
    this.#agent = db.columns(AgentEntity, 'agent');
    this.#selectOfAgent = `SELECT ${this.#service.select} FROM capsule_services service
      WHERE service.agent_id = :agentId AND service.retired_at IS NULL`;
    this.#selectAgents = `SELECT ${this.#agent.select} FROM agents agent WHERE agent.id IN (:...ids)`;
  }

  async insert(service: CapsuleServiceEntity, tx: Tx): Promise<void> {
    await tx.insert(CapsuleServiceEntity, service);
  }

  async change(id: CapsuleServiceId, changes: Partial<CapsuleServiceEntity>, tx: Tx): Promise<void> {
    await tx.update(CapsuleServiceEntity, changes, 'id = :id', { id });
  }

  /** Keeps other transactions from changing the service until this one ends; false when there is none. */
  async lock(id: CapsuleServiceId, tx: Tx): Promise<boolean> {
    // A write that changes nothing locks the row on PostgreSQL; on SQLite there is one writer at a time.
    return (await tx.update(CapsuleServiceEntity, { updatedAt: () => 'updated_at' }, 'id = :id', { id })) > 0;
  }

  /** Gives the service to another agent if its owner is gone; true if it is that agent's now. */
  async takeFromInactiveOwner({ service, agent }: ServiceWithStatus, to: AgentId, at: Date, tx: Tx): Promise<boolean> {
    const isGone = `EXISTS (SELECT 1 FROM agents WHERE id = :owner AND status IN ${INACTIVE_AGENT_SQL})`;
    const parameters = { id: service.id, owner: agent.id };
    const condition = `id = :id AND agent_id = :owner AND ${isGone}`;
    return (await tx.update(CapsuleServiceEntity, { agentId: to, updatedAt: at }, condition, parameters)) > 0;
  }

  /** Notes that the service went stale, unless it was noted or has reported meanwhile; true for the only call that did. */
  async noteStale({ id, lastReportedAt }: CapsuleServiceEntity, at: Date, tx: Tx): Promise<boolean> {
    const condition = 'id = :id AND stale_noted_at IS NULL AND last_reported_at = :lastReportedAt';
    const parameters = { id, lastReportedAt: lastReportedAt.getTime() };
    return (await tx.update(CapsuleServiceEntity, { staleNotedAt: at }, condition, parameters)) > 0;
  }

  async findWithStatus(id: CapsuleServiceId, tx?: Tx): Promise<ServiceWithStatus | null> {
    const [found] = await this.#select('service.id = :id', { id }, tx);
    return found ?? null;
  }

  /** The services with these codes, whoever reports them, and their agents. */
  findByCodes(codes: readonly string[], tx?: Tx): Promise<ServiceWithStatus[]> {
    if (codes.length === 0) return Promise.resolve([]);
    return this.#select('service.code IN (:...codes)', { codes: [...codes] }, tx);
  }

  /** Everything the agent reports, retired services left out; by name. */
  listOfAgent(agentId: AgentId, tx?: Tx): Promise<ServiceWithStatus[]> {
    const condition = 'service.agent_id = :agentId AND service.retired_at IS NULL ORDER BY service.name, service.id';
    return this.#select(condition, { agentId }, tx);
  }

  /** {@link listOfAgent} without what is derived; in no order. */
  async listEntitiesOfAgent(agentId: AgentId): Promise<CapsuleServiceEntity[]> {
    const rows = await this.db.query<Readonly<Record<string, unknown>>>(this.#selectOfAgent, { agentId });
    return rows.map((row) => this.#service.hydrate(row));
  }

  async list(filter: ServiceFilter, { sort, page, pageSize }: ServicePageRequest): Promise<Rows<ServiceWithStatus>> {
    const query = applyFilter(this.#query(), filter);
    if (filter.q) {
      const search = new Search(this.db.kind, filter.q);
      query.andWhere(search.in('service.code', 'service.name', 'service.description'), { q: search.q });
    }
    if (filter.label) query.andWhere(HAS_LABEL_SQL[this.db.kind], { label: [...filter.label] });
    const counted = query.clone();
    for (const { field, direction } of sort) query.addOrderBy(`service.${field}`, direction);
    query
      .addOrderBy('service.id', 'ASC')
      .offset((page - 1) * pageSize)
      .limit(pageSize);
    const [found, total] = await Promise.all([pageIds(this.db, query), this.#totals.of(counted)]);
    const rows = await readInOrder(
      found,
      (ids) => this.#shown(this.#query().where('service.id IN (:...ids)', { ids })),
      ({ service }) => service.id,
    );
    return { rows, total };
  }

  /** How many services there are of each derived status, retired ones left out. */
  async countByStatus(): Promise<{ status: CapsuleServiceStatus; count: number }[]> {
    const query = this.#query()
      .select(SERVICE_STATUS_SQL, 'status')
      .addSelect('COUNT(*)', 'count')
      .andWhere('service.retired_at IS NULL')
      .groupBy('1');
    const rows = await this.db.queryInWorker<{ status: CapsuleServiceStatus; count: string | number }>(
      query.getQuery(),
      query.getParameters(),
    );
    return rows.map(({ status, count }) => ({ status, count: Number(count) }));
  }

  /** Notes a report that said nothing new. */
  async touch(ids: readonly CapsuleServiceId[], at: Date, tx: Tx): Promise<void> {
    if (ids.length === 0) return;
    const changes = { lastReportedAt: at, staleNotedAt: null };
    await tx.update(CapsuleServiceEntity, changes, 'id IN (:...ids)', { ids: [...ids] });
  }

  /** Moves the last report of many services forward. */
  async noteReported(instants: ReadonlyMap<CapsuleServiceId, number>): Promise<void> {
    for (const batch of inBatches(instants)) {
      await this.db.transaction((tx) => advanceTimestamps(tx, this.db.kind, REPORTED, batch));
    }
  }

  /** At most `limit` services that are stale and were not noted as such. */
  listNewlyStale(limit: number, tx: Tx): Promise<ServiceWithStatus[]> {
    const query = this.#query(tx)
      .andWhere('service.stale_noted_at IS NULL AND service.retired_at IS NULL')
      .andWhere(`${SERVICE_STATUS_SQL} = 'STALE'`)
      .orderBy('service.lastReportedAt')
      .limit(limit);
    return this.#shown(query);
  }

  /** What every report and every command asks, and therefore written by hand; `condition` may end with an order. */
  async #select(condition: string, parameters: SqlParameters, tx?: Tx): Promise<ServiceWithStatus[]> {
    const values = { ...this.cutoffs.parameters(), ...parameters };
    const rows = await this.db.query<DerivedRow>(this.#selectWhere(condition), values, tx);
    const services = rows.map((row) => this.#service.hydrate(row));
    const agents = await this.#agentsOf(services, tx);
    return rows.map((row, i) => {
      const service = services[i];
      const agent = service && agents.get(service.agentId);
      if (!agent) throw new Error('A service came without its agent.');
      return { service, agent, status: row.derived_status, agentSilent: Number(row.agent_silent) === 1 };
    });
  }

  async #agentsOf(services: readonly CapsuleServiceEntity[], tx?: Tx): Promise<ReadonlyMap<AgentId, AgentEntity>> {
    const ids = [...new Set(services.map(({ agentId }) => agentId))];
    if (ids.length === 0) return new Map();
    const rows = await this.db.query<Record<string, unknown>>(this.#selectAgents, { ids }, tx);
    return new Map(rows.map((row) => this.#agent.hydrate(row)).map((agent) => [agent.id, agent]));
  }

  #query(tx?: Tx): SelectQueryBuilder<CapsuleServiceEntity> {
    return this.db
      .manager(tx)
      .createQueryBuilder(CapsuleServiceEntity, 'service')
      .innerJoinAndSelect('service.agent', 'agent')
      .setParameters(this.cutoffs.parameters());
  }

  async #shown(query: SelectQueryBuilder<CapsuleServiceEntity>): Promise<ServiceWithStatus[]> {
    const { entities, raw } = await query
      .addSelect(SERVICE_STATUS_SQL, 'derived_status')
      .addSelect(`CASE WHEN ${AGENT_SILENT_SQL} THEN 1 ELSE 0 END`, 'agent_silent')
      .getRawAndEntities<DerivedRow>();
    return entities.map((service, i) => {
      const derived = raw[i];
      if (!service.agent || !derived) throw new Error(`Service ${service.id} came without its agent.`);
      const agentSilent = Number(derived.agent_silent) === 1;
      return { service, agent: service.agent, status: derived.derived_status, agentSilent };
    });
  }
}

const applyFilter = (
  query: SelectQueryBuilder<CapsuleServiceEntity>,
  filter: ServiceFilter,
): SelectQueryBuilder<CapsuleServiceEntity> => {
  if (!filter.includeRetired) query.andWhere('service.retired_at IS NULL');
  if (filter.status) query.andWhere(`${SERVICE_STATUS_SQL} IN (:...status)`, { status: [...filter.status] });
  if (filter.healthStatus) {
    query.andWhere('service.health_status IN (:...healthStatus)', { healthStatus: [...filter.healthStatus] });
  }
  if (filter.agentId) query.andWhere('service.agent_id IN (:...agentId)', { agentId: [...filter.agentId] });
  if (filter.runtime) query.andWhere('service.runtime IN (:...runtime)', { runtime: [...filter.runtime] });
  return query;
};
