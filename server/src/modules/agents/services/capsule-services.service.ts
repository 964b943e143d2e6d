import { Injectable } from '@nestjs/common';
import type {
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
  ServiceHealthAnswer,
} from '#contracts';
import type { UserActor } from '../../../common/actor.js';
import { Clock } from '../../../common/clock.js';
import { Database } from '../../../database/database.js';
import { type PageResult, parseSort, toPage } from '../../../database/lists/page.js';
import type { Tx } from '../../../database/tx.js';
import type { AgentEntity } from '../agent.entity.js';
import { actionDisabled, actionNotFound, capsuleServiceNotFound } from '../agents.errors.js';
import { AgentsService } from '../agents.service.js';
import {
  type ActionTarget,
  type ServiceWithStatus,
  toCapsuleService,
  toConfigItem,
  toServiceAction,
} from './capsule-service.mapper.js';
import { CapsuleServicesRepository } from './capsule-services.repository.js';
import type { HealthHistoryQuery, HealthStripsQuery, ListServicesQuery } from './dto/services.dto.js';
import { ServiceHealthService } from './health/service-health.service.js';
import { ServiceDetailsRepository } from './service-details.repository.js';
import { ServiceEvents } from './service-events.js';

const SORT_FIELDS = {
  name: 'name',
  code: 'code',
  lastReportedAt: 'lastReportedAt',
  createdAt: 'createdAt',
} as const;

/** What a later module does when a service moves, in the same transaction. */
export type MoveListener = (tx: Tx, actor: UserActor, serviceId: CapsuleServiceId) => Promise<void>;

/** Shows services as they were reported, and moves them between agents. */
@Injectable()
export class CapsuleServicesService {
  readonly #moveListeners: MoveListener[] = [];

  constructor(
    private readonly db: Database,
    private readonly services: CapsuleServicesRepository,
    private readonly details: ServiceDetailsRepository,
    private readonly health: ServiceHealthService,
    private readonly agents: AgentsService,
    private readonly events: ServiceEvents,
    private readonly clock: Clock,
  ) {}

  /**
   * Calls `listener` within every move an operator makes; if it fails, so does the move. Register at start: commands cancels the
   * pending ones here (commands.module.ts).
   */
  onMove(listener: MoveListener): void {
    this.#moveListeners.push(listener);
  }

  /** Lists services by name; retired ones only on request. */
  async list(query: ListServicesQuery): Promise<PageResult<CapsuleService>> {
    const sort = parseSort(query.sort, SORT_FIELDS, [{ field: 'name', direction: 'ASC' }]);
    return toPage(query, await this.services.list(query, { ...query, sort }), toCapsuleService);
  }

  /** How many services have each status, not counting retired ones. */
  async counts(): Promise<Counts<CapsuleServiceStatus>> {
    const zero = { UNKNOWN: 0, HEALTHY: 0, UNHEALTHY: 0, STALE: 0, OFFLINE: 0 };
    const counted = (await this.services.countByStatus()).map(({ status, count }) => [status, count] as const);
    return { ...zero, ...Object.fromEntries(counted) };
  }

  /** The last 24 hours of health of each of these services; unknown ids are left out. */
  healthStrips({ serviceId }: HealthStripsQuery): Promise<HealthStrip[]> {
    return this.health.listStrips(serviceId);
  }

  /** The service with everything it reported. @throws CAPSULE_SERVICE_NOT_FOUND */
  async getById(id: CapsuleServiceId): Promise<CapsuleServiceDetail> {
    const found = await this.#get(id);
    return {
      ...toCapsuleService(found),
      manifest: found.service.manifest,
      health: await this.health.findLatest(found.service),
      configs: (await this.details.configsOf(id)).map(toConfigItem),
      actions: (await this.details.actionsOf(id)).map(toServiceAction),
    };
  }

  /** The manifest as reported. @throws CAPSULE_SERVICE_NOT_FOUND */
  async getManifest(id: CapsuleServiceId): Promise<Manifest> {
    return (await this.#get(id)).service.manifest;
  }

  /** The present health, and the transitions in the range, newest first. @throws CAPSULE_SERVICE_NOT_FOUND */
  async getHealth(id: CapsuleServiceId, range: HealthHistoryQuery): Promise<ServiceHealthAnswer> {
    const { service } = await this.#get(id);
    return this.health.getHistory(service, range);
  }

  /** The configuration items, without the values of sensitive ones. @throws CAPSULE_SERVICE_NOT_FOUND */
  async getConfigs(id: CapsuleServiceId): Promise<ConfigItem[]> {
    await this.#get(id);
    return (await this.details.configsOf(id)).map(toConfigItem);
  }

  /** The declared actions. @throws CAPSULE_SERVICE_NOT_FOUND */
  async getActions(id: CapsuleServiceId): Promise<ServiceAction[]> {
    await this.#get(id);
    return (await this.details.actionsOf(id)).map(toServiceAction);
  }

  /**
   * An action that can be run, and its service.
   * @throws CAPSULE_SERVICE_NOT_FOUND, ACTION_NOT_FOUND, ACTION_DISABLED, checked in this order
   */
  async getAction(tx: Tx, id: CapsuleServiceId, name: string): Promise<ActionTarget> {
    const target = await this.services.findWithStatus(id, tx);
    if (target?.service.retiredAt !== null) throw capsuleServiceNotFound(id);
    const action = await this.details.findAction(id, name, tx);
    if (!action) throw actionNotFound(name);
    if (!action.enabled) throw actionDisabled(name);
    return { target, action };
  }

  /**
   * Moves the service to an available agent: the old agent's next report would take it back from an inactive one. The
   * listeners of {@link onMove} run in the same transaction. Repeating it changes nothing.
   * @throws CAPSULE_SERVICE_NOT_FOUND, AGENT_NOT_FOUND; AGENT_OFFLINE, AGENT_DISABLED, AGENT_REVOKED, AGENT_NOT_READY,
   * AGENT_HEARTBEAT_STALE (all 409)
   */
  async move(actor: UserActor, id: CapsuleServiceId, agentId: AgentId): Promise<CapsuleServiceDetail> {
    await this.db.transaction(async (tx) => {
      const found = await this.#lock(tx, id);
      if (found.agent.id === agentId) return;
      await this.#reassign(tx, actor, found, await this.agents.getAvailable(tx, agentId));
      for (const listener of this.#moveListeners) await listener(tx, actor, id);
    });
    return this.getById(id);
  }

  /** Locks the service until the transaction ends, and returns it. */
  async #lock(tx: Tx, id: CapsuleServiceId): Promise<ServiceWithStatus> {
    const found = (await this.services.lock(id, tx)) ? await this.services.findWithStatus(id, tx) : null;
    if (!found) throw capsuleServiceNotFound(id);
    return found;
  }

  async #reassign(tx: Tx, actor: UserActor, { service, agent }: ServiceWithStatus, to: AgentEntity): Promise<void> {
    await this.services.change(service.id, { agentId: to.id, updatedAt: this.clock.now() }, tx);
    const message = `${actor.username} moved service ${service.code} from agent ${agent.code} to agent ${to.code}.`;
    await this.events.recordMove(tx, actor, service.id, { from: agent.id, to: to.id, message });
  }

  async #get(id: CapsuleServiceId): Promise<ServiceWithStatus> {
    const found = await this.services.findWithStatus(id);
    if (!found) throw capsuleServiceNotFound(id);
    return found;
  }
}
