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
import type { UserActor } from '../../../common/actor.js';
import { Clock } from '../../../common/clock.js';
import { Database } from '../../../database/database.js';
import { type PageResult, parseSort, toPage } from '../../../database/lists/page.js';
import type { Tx } from '../../../database/tx.js';
import { CommandCancellation } from '../../commands/commands.service.js';
import type { AgentEntity } from '../agent.entity.js';
import { capsuleServiceNotFound } from '../agents.errors.js';
import { AbleAgents, AgentsService } from '../agents.service.js';
import {
  type ServiceWithStatus,
  toCapsuleService,
  toConfigItem,
  toLatestHealth,
  toServiceAction,
} from './capsule-service.mapper.js';
import { CapsuleServicesRepository } from './capsule-services.repository.js';
import type { HealthHistoryQuery, HealthStripsQuery, ListServicesQuery } from './dto/services.dto.js';
import { HealthHistory } from './health/service-health.service.js';
import type { ServiceActionEntity } from './service-action.entity.js';
import { ServiceDetailsRepository } from './service-details.repository.js';
import { ServiceEvents } from './service-events.js';

const SORT_FIELDS = {
  name: 'name',
  code: 'code',
  lastReportedAt: 'lastReportedAt',
  createdAt: 'createdAt',
} as const;

/** What there is to know of the services: only what they reported. */
@Injectable()
export class CapsuleServicesService {
  constructor(
    private readonly services: CapsuleServicesRepository,
    private readonly parts: ServiceDetailsRepository,
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

  async #getShown(id: CapsuleServiceId): Promise<ServiceWithStatus> {
    const shown = await this.services.findWithStatus(id);
    if (!shown) throw capsuleServiceNotFound(id);
    return shown;
  }
}

export interface ActionTarget {
  readonly target: ServiceWithStatus;
  readonly action: ServiceActionEntity;
}

/** Says whose a service is when an operator does. */
@Injectable()
export class ServiceOwnership {
  constructor(
    private readonly services: CapsuleServicesRepository,
    private readonly log: ServiceEvents,
    private readonly clock: Clock,
  ) {}

  /** The service, which nobody else moves until the transaction ends. @throws CAPSULE_SERVICE_NOT_FOUND */
  async hold(tx: Tx, id: CapsuleServiceId): Promise<ServiceWithStatus> {
    const shown = (await this.services.hold(id, tx)) ? await this.services.findWithStatus(id, tx) : null;
    if (!shown) throw capsuleServiceNotFound(id);
    return shown;
  }

  /** Gives the service, with all there is of it, to another agent, whose reports of it count from now on. */
  async give(tx: Tx, actor: UserActor, { service, agent }: ServiceWithStatus, to: AgentEntity): Promise<void> {
    await this.services.change(service.id, { agentId: to.id, updatedAt: this.clock.now() }, tx);
    const message = `${actor.username} moved service ${service.code} from agent ${agent.code} to agent ${to.code}.`;
    await this.log.recordMove(tx, actor, service.id, { from: agent.id, to: to.id, message });
  }
}

/** Moves services to other agents: with what waits for them, this is more than the services know of. */
@Injectable()
export class ServiceMoves {
  constructor(
    private readonly db: Database,
    private readonly ownership: ServiceOwnership,
    private readonly agents: AbleAgents,
    private readonly cancellation: CommandCancellation,
    private readonly catalog: CapsuleServicesService,
  ) {}

  /**
   * Gives the service to an agent that is there to report it: to any other, its present one would take it back with the
   * next report. Commands that wait are cancelled; one that runs ends with the agent that runs it. Repeating it changes
   * nothing.
   * @throws CAPSULE_SERVICE_NOT_FOUND, AGENT_NOT_FOUND; AGENT_OFFLINE, AGENT_DISABLED, AGENT_REVOKED, AGENT_NOT_READY,
   * AGENT_HEARTBEAT_STALE (all 409)
   */
  async move(actor: UserActor, id: CapsuleServiceId, agentId: AgentId): Promise<CapsuleServiceDetail> {
    await this.db.transaction(async (tx) => {
      const shown = await this.ownership.hold(tx, id);
      if (shown.agent.id === agentId) return;
      await this.ownership.give(tx, actor, shown, await this.agents.getAvailable(tx, agentId));
      await this.cancellation.cancelWaiting(tx, actor, id);
    });
    return this.catalog.getById(id);
  }
}
