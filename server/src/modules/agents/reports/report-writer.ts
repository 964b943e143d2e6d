import { Injectable } from '@nestjs/common';
import type { ActionId, CapsuleServiceId, ConfigItemId, Health, RejectedService, ReportedService } from '#contracts';
import type { AgentActor } from '../../../common/actor.js';
import { Clock } from '../../../common/clock.js';
import { Ids } from '../../../common/ids.js';
import type { Tx } from '../../../database/tx.js';
import type { CapsuleServiceEntity } from '../services/capsule-service.entity.js';
import type { ServiceWithStatus } from '../services/capsule-service.mapper.js';
import { CapsuleServicesRepository } from '../services/capsule-services.repository.js';
import { ServiceHealthService } from '../services/health/service-health.service.js';
import type { ServiceActionEntity } from '../services/service-action.entity.js';
import type { ServiceConfigEntity } from '../services/service-config.entity.js';
import { ServiceDetailsRepository } from '../services/service-details.repository.js';
import { ServiceEvents } from '../services/service-events.js';
import {
  type ActionContent,
  type ConfigContent,
  faultOfContent,
  type ServiceContent,
  toServiceContent,
} from './report-content.js';
import {
  changedFields,
  changeNotes,
  diffRows,
  isChange,
  type ItemChanges,
  type ServiceChanges,
  summarizeChanges,
} from './report-diff.js';

/** Why a service of a report was not stored. */
export type Rejection = Omit<RejectedService, 'code'>;

/** Stores what a report changes about one service, and audits it. */
@Injectable()
export class ReportWriter {
  constructor(
    private readonly services: CapsuleServicesRepository,
    private readonly details: ServiceDetailsRepository,
    private readonly health: ServiceHealthService,
    private readonly events: ServiceEvents,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /**
   * Stores the reported service and returns null; or stores nothing of it but the health of a known service, and returns why: another live
   * agent owns it, or it contradicts itself. `existing` is the stored service with its code, of any agent.
   */
  async store(
    tx: Tx,
    agent: AgentActor,
    reported: ReportedService,
    existing: ServiceWithStatus | null,
  ): Promise<Rejection | null> {
    if (existing && !(await this.#own(tx, agent, existing))) return { error: 'CAPSULE_SERVICE_CODE_TAKEN' };
    const content = toServiceContent(reported);
    const fault = faultOfContent(content);
    if (fault !== null) {
      if (existing) await this.storeHealth(tx, agent, existing, reported.health);
      return { error: 'VALIDATION_FAILED', message: fault };
    }
    const service = existing?.service ?? (await this.#create(tx, agent, reported.code, content));
    if (existing) await this.#update(tx, agent, service, content);
    if (reported.health) await this.health.apply(tx, agent, service, reported.health);
    return null;
  }

  /** Stores the health of a service whose report is rejected, if it is the agent's own: a status counts, whatever is wrong beside it. */
  async storeHealth(
    tx: Tx,
    agent: AgentActor,
    { service, agent: owner }: ServiceWithStatus,
    health: Health | undefined,
  ): Promise<void> {
    if (!health || owner.id !== agent.id) return;
    await this.services.touch([service.id], this.clock.now(), tx);
    await this.health.apply(tx, agent, service, health);
  }

  /** Retires a service that its agent no longer reports: lists hide it, its history stays. */
  async retire(tx: Tx, agent: AgentActor, service: CapsuleServiceEntity): Promise<void> {
    const now = this.clock.now();
    await this.services.change(service.id, { retiredAt: now, updatedAt: now }, tx);
    const message = `Service ${service.code} is no longer reported.`;
    await this.events.record(tx, agent, service.id, { action: 'service.retired', message });
  }

  async #create(tx: Tx, agent: AgentActor, code: string, content: ServiceContent): Promise<CapsuleServiceEntity> {
    const { configs, actions, ...columns } = content;
    const service = this.#newService(agent, code, columns);
    await this.services.insert(service, tx);
    await this.#applyConfigs(tx, service.id, configs, []);
    await this.#applyActions(tx, service.id, actions, []);
    await this.events.record(tx, agent, service.id, {
      action: 'service.reported',
      message: `Service ${code} was reported for the first time.`,
      metadata: {
        created: true,
        version: service.version,
        configs: configs?.length ?? 0,
        actions: actions?.length ?? 0,
      },
    });
    return service;
  }

  #newService(
    agent: AgentActor,
    code: string,
    columns: Omit<ServiceContent, 'configs' | 'actions'>,
  ): CapsuleServiceEntity {
    const now = this.clock.now();
    return {
      id: this.ids.make('svc'),
      agentId: agent.id,
      code,
      ...columns,
      healthStatus: 'UNKNOWN',
      healthMessage: null,
      healthDetails: null,
      healthSince: null,
      lastReportedAt: now,
      staleNotedAt: null,
      retiredAt: null,
      createdAt: now,
      updatedAt: now,
    };
  }

  /** Moves the service here if its owner is inactive; true if it belongs to this agent. */
  async #own(tx: Tx, agent: AgentActor, existing: ServiceWithStatus): Promise<boolean> {
    const { service, agent: owner } = existing;
    if (owner.id === agent.id) return true;
    if (!(await this.services.takeFromInactiveOwner(existing, agent.id, this.clock.now(), tx))) return false;
    const message = `Service ${service.code} moved from agent ${owner.code} to agent ${agent.code}.`;
    await this.events.recordMove(tx, agent, service.id, { from: owner.id, to: agent.id, message });
    return true;
  }

  async #update(tx: Tx, agent: AgentActor, service: CapsuleServiceEntity, content: ServiceContent): Promise<void> {
    const now = this.clock.now();
    if (content.contentHash === service.contentHash && service.retiredAt === null) {
      await this.services.touch([service.id], now, tx);
      return;
    }
    const { configs, actions, ...columns } = content;
    const changes: ServiceChanges = {
      fields: changedFields(service, content),
      configs: await this.#applyConfigs(tx, service.id, configs),
      actions: await this.#applyActions(tx, service.id, actions),
      returned: service.retiredAt !== null,
    };
    const updated = isChange(changes) ? { updatedAt: now } : {};
    await this.services.change(
      service.id,
      { ...columns, lastReportedAt: now, staleNotedAt: null, retiredAt: null, ...updated },
      tx,
    );
    this.events.publish(tx, service.id, agent.id);
    for (const note of changeNotes(service, content, changes)) await this.events.record(tx, agent, service.id, note);
  }

  /** Null `contents`: the report did not include configs. `known`: the rows, if the caller knows them. */
  async #applyConfigs(
    tx: Tx,
    serviceId: CapsuleServiceId,
    contents: readonly ConfigContent[] | null,
    known?: readonly ServiceConfigEntity[],
  ): Promise<ItemChanges | null> {
    if (!contents) return null;
    const updatedAt = this.clock.now();
    const changes = diffRows<ServiceConfigEntity, ConfigContent, ConfigItemId>({
      rows: known ?? (await this.details.configsOf(serviceId, tx)),
      contents,
      keyOf: ({ key }) => key,
      contentOf: configContent,
      toRow: (content, id) => ({ ...content, id: id ?? this.ids.make('cfg'), serviceId, updatedAt }),
    });
    await this.details.applyConfigs(changes, tx);
    return summarizeChanges(changes, ({ key }) => key);
  }

  /** Null `contents`: the report did not include actions. `known`: the rows, if the caller knows them. */
  async #applyActions(
    tx: Tx,
    serviceId: CapsuleServiceId,
    contents: readonly ActionContent[] | null,
    known?: readonly ServiceActionEntity[],
  ): Promise<ItemChanges | null> {
    if (!contents) return null;
    const changes = diffRows<ServiceActionEntity, ActionContent, ActionId>({
      rows: known ?? (await this.details.actionsOf(serviceId, tx)),
      contents,
      keyOf: ({ name }) => name,
      contentOf: actionContent,
      toRow: (content, id) => ({ ...content, id: id ?? this.ids.make('act'), serviceId }),
    });
    await this.details.applyActions(changes, tx);
    return summarizeChanges(changes, ({ name }) => name);
  }
}

const configContent = ({ id, serviceId, updatedAt, ...content }: ServiceConfigEntity) => content;

const actionContent = ({ id, serviceId, ...content }: ServiceActionEntity) => content;
