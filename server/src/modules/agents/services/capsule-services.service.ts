import { Injectable } from '@nestjs/common';
import type {
  AgentDetail,
  AgentId,
  CapsuleService,
  CapsuleServiceDetail,
  CapsuleServiceId,
  CapsuleServiceStatus,
  ConfigItem,
  Counts,
  HealthStrip,
  Manifest,
  ServiceAction,
  ServiceHealth,
} from '#contracts';
import { toPage, type PageResult } from '../../common/http/page.js';
import { parseSort } from '../../common/http/sort.js';
import { AgentsService } from '../agents/agents.service.js';
import { toCapsuleService, toConfigItem, toLatestHealth, toServiceAction } from './capsule-service.mapper.js';
import { CapsuleServicesRepository, type ShownService } from './capsule-services.repository.js';
import type { HealthHistoryQuery, HealthStripsQuery, ListServicesQuery } from './dto/services.query.js';
import { HealthHistory } from './health-history.js';
import { ServicePartsRepository } from './service-parts.repository.js';
import { capsuleServiceNotFound } from './service.errors.js';

const SORT_FIELDS = {
  name: 'name',
  code: 'code',
  lastReportedAt: 'lastReportedAt',
  createdAt: 'createdAt',
} as const;

/** What there is to know of the services: only what they reported. */
@Injectable()
export class CapsuleServiceCatalog {
  constructor(
    private readonly services: CapsuleServicesRepository,
    private readonly parts: ServicePartsRepository,
    private readonly history: HealthHistory,
    private readonly agents: AgentsService,
  ) {}

  /** Lists services by name; retired ones only when asked for. */
  async list(query: ListServicesQuery): Promise<PageResult<CapsuleService>> {
    const sort = parseSort(query.sort, SORT_FIELDS, [{ field: 'name', direction: 'ASC' }]);
    return toPage(query, await this.services.list(query, { ...query, sort }), toCapsuleService);
  }

  /** The last 24 hours of health of each of these services; one that does not exist is left out. */
  healthStrips({ serviceId }: HealthStripsQuery): Promise<HealthStrip[]> {
    return this.history.strips(serviceId);
  }

  /** The service with all it reported. @throws CAPSULE_SERVICE_NOT_FOUND */
  async getById(id: CapsuleServiceId): Promise<CapsuleServiceDetail> {
    const shown = await this.#getShown(id);
    return {
      ...toCapsuleService(shown),
      manifest: shown.service.manifest,
      health: toLatestHealth(await this.parts.latestHealth(id), shown.service),
      configs: (await this.parts.configsOf(id)).map(toConfigItem),
      actions: (await this.parts.actionsOf(id)).map(toServiceAction),
    };
  }

  /** @throws CAPSULE_SERVICE_NOT_FOUND */
  async getManifest(id: CapsuleServiceId): Promise<Manifest> {
    return (await this.#getShown(id)).service.manifest;
  }

  /** The health now, and its transitions in the range, newest first. @throws CAPSULE_SERVICE_NOT_FOUND */
  async getHealth(id: CapsuleServiceId, range: HealthHistoryQuery): Promise<ServiceHealth> {
    const { service } = await this.#getShown(id);
    return this.history.inRange(service, range);
  }

  /** @throws CAPSULE_SERVICE_NOT_FOUND */
  async getConfigs(id: CapsuleServiceId): Promise<ConfigItem[]> {
    await this.#getShown(id);
    return (await this.parts.configsOf(id)).map(toConfigItem);
  }

  /** @throws CAPSULE_SERVICE_NOT_FOUND */
  async getActions(id: CapsuleServiceId): Promise<ServiceAction[]> {
    await this.#getShown(id);
    return (await this.parts.actionsOf(id)).map(toServiceAction);
  }

  /** The agent with its services. @throws AGENT_NOT_FOUND */
  async getAgent(id: AgentId): Promise<AgentDetail> {
    const agent = await this.agents.getById(id);
    return { ...agent, services: (await this.services.listOfAgent(id)).map(toCapsuleService) };
  }

  async counts(): Promise<Counts<CapsuleServiceStatus>> {
    const zero = { UNKNOWN: 0, HEALTHY: 0, UNHEALTHY: 0, STALE: 0, OFFLINE: 0 };
    const counted = (await this.services.countByStatus()).map(({ status, count }) => [status, count] as const);
    return { ...zero, ...Object.fromEntries(counted) };
  }

  /** How many services these agents report. */
  countOfAgents(ids: readonly AgentId[]): Promise<number> {
    return this.services.countOfAgents(ids);
  }

  async #getShown(id: CapsuleServiceId): Promise<ShownService> {
    const shown = await this.services.findShown(id);
    if (!shown) throw capsuleServiceNotFound(id);
    return shown;
  }
}
