import { Injectable } from '@nestjs/common';
import type { SelectQueryBuilder } from 'typeorm';
import type { AgentId, CapsuleServiceId, CapsuleServiceStatus, HealthStatus } from '#contracts';
import { memoize } from '../../../common/memory/cache.js';
import { inBatches, advanceTimestamps } from '../../../database/bulk-update.js';
import { Database } from '../../../database/database.js';
import { ListReader, type ListRequest, Search } from '../../../database/lists/list-reader.js';
import type { Rows } from '../../../database/lists/page.js';
import type { EntityColumns } from '../../../database/sql/entity-sql.js';
import type { SqlParameters } from '../../../database/sql/named-parameters.js';
import type { Tx } from '../../../database/tx.js';
import { AgentEntity } from '../agent.entity.js';
import { SilenceThresholds } from '../liveness/silence-thresholds.js';
import { CapsuleServiceEntity } from './capsule-service.entity.js';
import type { ServiceWithStatus } from './capsule-service.mapper.js';
import {
  AGENT_SILENT_SQL,
  EXCLUDED_AGENT_SQL,
  HAS_LABEL_SQL,
  INACTIVE_AGENT_SQL,
  SERVICE_STATUS_SQL,
} from './service-status.sql.js';

/** The update of {@link CapsuleServicesRepository.saveLastReported}. */
const REPORTED = {
  table: 'capsule_services',
  column: 'last_reported_at',
  also: 'stale_noted_at = NULL',
  where: 'retired_at IS NULL',
} as const;

const COUNT_BY_STATUS = `SELECT ${SERVICE_STATUS_SQL} AS status, COUNT(*) AS count FROM capsule_services service
  JOIN agents agent ON agent.id = service.agent_id WHERE service.retired_at IS NULL GROUP BY 1`;

const SELECT_NEWLY_STALE = `SELECT service.id FROM capsule_services service
  JOIN agents agent ON agent.id = service.agent_id
  WHERE service.stale_noted_at IS NULL AND service.retired_at IS NULL AND ${SERVICE_STATUS_SQL} = 'STALE'
  ORDER BY service.last_reported_at LIMIT :limit`;

const COUNT_OF_AGENT = `SELECT COUNT(*) AS "all", COUNT(retired_at) AS retired
  FROM capsule_services WHERE agent_id = :agentId`;

export interface ServiceFilter {
  readonly status?: readonly CapsuleServiceStatus[];
  readonly healthStatus?: readonly HealthStatus[];
  readonly agentId?: readonly AgentId[];
  readonly runtime?: readonly string[];
  /** Each is the key of a label, or `key:value`. */
  readonly label?: readonly string[];
  readonly q?: string;
  readonly includeRetired?: boolean;
}

export type ServiceSortField = 'name' | 'code' | 'lastReportedAt' | 'createdAt';

interface DerivedRow extends Readonly<Record<string, unknown>> {
  readonly derived_status: CapsuleServiceStatus;
  readonly agent_silent: number | string;
}

/** Reads and writes services, with the status that follows from them and their agent. */
@Injectable()
export class CapsuleServicesRepository {
  readonly #service: EntityColumns<CapsuleServiceEntity>;
  readonly #list: ListReader<CapsuleServiceEntity>;

  readonly #selectWhere = memoize(
    // Sub-selects instead of a join: SQLite takes several times as long to join single rows.
    (condition: string) => `SELECT ${this.#service.select},
        (SELECT ${SERVICE_STATUS_SQL} FROM agents agent WHERE agent.id = service.agent_id) AS derived_status,
        (SELECT CASE WHEN ${AGENT_SILENT_SQL} THEN 1 ELSE 0 END FROM agents agent
          WHERE agent.id = service.agent_id) AS agent_silent
      FROM capsule_services service WHERE ${condition}`,
  );

  constructor(
    private readonly db: Database,
    private readonly thresholds: SilenceThresholds,
  ) {
    this.#service = db.columns(CapsuleServiceEntity, 'service');
    this.#list = new ListReader(db, CapsuleServiceEntity);
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

  /**
   * Moves the service to another agent if its owner is inactive; true if it did. While the server listens, an offline
   * owner may be about to come back.
   */
  async takeFromInactiveOwner({ service, agent }: ServiceWithStatus, to: AgentId, at: Date, tx: Tx): Promise<boolean> {
    const inactive = this.thresholds.hasListenedLongEnough() ? INACTIVE_AGENT_SQL : EXCLUDED_AGENT_SQL;
    const isInactive = `EXISTS (SELECT 1 FROM agents WHERE id = :owner AND status IN ${inactive})`;
    const parameters = { id: service.id, owner: agent.id };
    const condition = `id = :id AND agent_id = :owner AND ${isInactive}`;
    return (await tx.update(CapsuleServiceEntity, { agentId: to, updatedAt: at }, condition, parameters)) > 0;
  }

  /** Marks a stale service as noted, unless it already is or has reported since; true for the one call that did. */
  async markStale({ id, lastReportedAt }: CapsuleServiceEntity, at: Date, tx: Tx): Promise<boolean> {
    const condition = 'id = :id AND stale_noted_at IS NULL AND last_reported_at = :lastReportedAt';
    const parameters = { id, lastReportedAt: lastReportedAt.getTime() };
    return (await tx.update(CapsuleServiceEntity, { staleNotedAt: at }, condition, parameters)) > 0;
  }

  async findWithStatus(id: CapsuleServiceId, tx?: Tx): Promise<ServiceWithStatus | null> {
    const [found] = await this.#select('service.id = :id', { id }, tx);
    return found ?? null;
  }

  /** The services with these codes, of any agent. */
  findByCodes(codes: readonly string[], tx?: Tx): Promise<ServiceWithStatus[]> {
    if (codes.length === 0) return Promise.resolve([]);
    return this.#select('service.code IN (:...codes)', { codes: [...codes] }, tx);
  }

  /** The agent's services by name, without retired ones. */
  listOfAgent(agentId: AgentId, tx?: Tx): Promise<ServiceWithStatus[]> {
    const condition = 'service.agent_id = :agentId AND service.retired_at IS NULL ORDER BY service.name, service.id';
    return this.#select(condition, { agentId }, tx);
  }

  /** How many services the agent has, and how many of them are retired. */
  async countOfAgent(agentId: AgentId, tx: Tx): Promise<{ readonly all: number; readonly retired: number }> {
    const [row] = await tx.query<{ readonly all: number | string; readonly retired: number | string }>(COUNT_OF_AGENT, {
      agentId,
    });
    return { all: Number(row?.all ?? 0), retired: Number(row?.retired ?? 0) };
  }

  /** The services with these ids. */
  findByIds(ids: readonly CapsuleServiceId[], tx: Tx): Promise<CapsuleServiceEntity[]> {
    return this.db.find(CapsuleServiceEntity, 'id IN (:...ids)', { ids: [...ids] }, tx);
  }

  /** As {@link listOfAgent}, without agent and status, in no particular order. */
  listEntitiesOfAgent(agentId: AgentId): Promise<CapsuleServiceEntity[]> {
    return this.db.find(CapsuleServiceEntity, 'agent_id = :agentId AND retired_at IS NULL', { agentId });
  }

  list(filter: ServiceFilter, request: ListRequest<ServiceSortField>): Promise<Rows<ServiceWithStatus>> {
    const query = this.db
      .select(CapsuleServiceEntity, 'service')
      .innerJoin('service.agent', 'agent')
      .setParameters(this.thresholds.sqlParameters());
    applyFilter(query, filter);
    if (filter.q) {
      const search = new Search(this.db.kind, filter.q);
      query.andWhere(search.in('service.code', 'service.name', 'service.description'), { q: search.q });
    }
    if (filter.label) query.andWhere(HAS_LABEL_SQL[this.db.kind], { label: [...filter.label] });
    return this.#list.page(query, request, {
      read: (ids) => this.#select('service.id IN (:...ids)', { ids }),
      idOf: ({ service }) => service.id,
    });
  }

  /** How many services have each status, not counting retired ones. */
  async countByStatus(): Promise<{ status: CapsuleServiceStatus; count: number }[]> {
    const rows = await this.db.queryInWorker<{ status: CapsuleServiceStatus; count: string | number }>(
      COUNT_BY_STATUS,
      this.thresholds.sqlParameters(),
    );
    return rows.map(({ status, count }) => ({ status, count: Number(count) }));
  }

  /** Records the time of a report that changed nothing else. */
  async touch(ids: readonly CapsuleServiceId[], at: Date, tx: Tx): Promise<void> {
    if (ids.length === 0) return;
    const changes = { lastReportedAt: at, staleNotedAt: null };
    await tx.update(CapsuleServiceEntity, changes, 'id IN (:...ids)', { ids: [...ids] });
  }

  /** Advances the last-report times of many services; none moves back. */
  async saveLastReported(instants: ReadonlyMap<CapsuleServiceId, number>, now: Date): Promise<void> {
    for (const batch of inBatches(instants)) {
      await this.db.transaction((tx) => advanceTimestamps(tx, this.db.kind, { ...REPORTED, now }, batch));
    }
  }

  /** Whether a service has a last-report time after this instant. */
  async isAnyReportedAfter(now: Date): Promise<boolean> {
    return (await this.db.count(CapsuleServiceEntity, 'last_reported_at > :now', { now: now.getTime() })) > 0;
  }

  /** Sets last-report times in the future to `now`: a clock that was ahead stored them. */
  async bringBackLastReported(now: Date, tx: Tx): Promise<void> {
    const isAhead = 'last_reported_at > :now';
    await tx.update(CapsuleServiceEntity, { lastReportedAt: now }, isAhead, { now: now.getTime() });
  }

  /** At most `limit` stale services that have not been noted yet, longest stale first. */
  async listNewlyStale(limit: number, tx: Tx): Promise<ServiceWithStatus[]> {
    const parameters = { ...this.thresholds.sqlParameters(), limit };
    const ids = (await tx.query<{ id: CapsuleServiceId }>(SELECT_NEWLY_STALE, parameters)).map(({ id }) => id);
    if (ids.length === 0) return [];
    return this.#select('service.id IN (:...ids) ORDER BY service.last_reported_at', { ids }, tx);
  }

  /** Written by hand because every report and every command runs it. `condition` may end with an ORDER BY. */
  async #select(condition: string, parameters: SqlParameters, tx?: Tx): Promise<ServiceWithStatus[]> {
    const values = { ...this.thresholds.sqlParameters(), ...parameters };
    const rows = await this.db.query<DerivedRow>(this.#selectWhere(condition), values, tx);
    const services = rows.map((row) => this.#service.hydrate(row));
    const agents = await this.#agentsOf(services, tx);
    return rows.map((row, i) => {
      const service = services[i];
      const agent = service && agents.get(service.agentId);
      if (!agent) throw new Error('The query returned a service without its agent.');
      return { service, agent, status: row.derived_status, agentSilent: Number(row.agent_silent) === 1 };
    });
  }

  async #agentsOf(services: readonly CapsuleServiceEntity[], tx?: Tx): Promise<ReadonlyMap<AgentId, AgentEntity>> {
    const ids = [...new Set(services.map(({ agentId }) => agentId))];
    if (ids.length === 0) return new Map();
    const agents = await this.db.find(AgentEntity, 'id IN (:...ids)', { ids }, tx);
    return new Map(agents.map((agent) => [agent.id, agent]));
  }
}

const applyFilter = (query: SelectQueryBuilder<CapsuleServiceEntity>, filter: ServiceFilter): void => {
  if (!filter.includeRetired) query.andWhere('service.retired_at IS NULL');
  if (filter.status) query.andWhere(`${SERVICE_STATUS_SQL} IN (:...status)`, { status: [...filter.status] });
  if (filter.healthStatus) {
    query.andWhere('service.health_status IN (:...healthStatus)', { healthStatus: [...filter.healthStatus] });
  }
  if (filter.agentId) query.andWhere('service.agent_id IN (:...agentId)', { agentId: [...filter.agentId] });
  if (filter.runtime) query.andWhere('service.runtime IN (:...runtime)', { runtime: [...filter.runtime] });
};
