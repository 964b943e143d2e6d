import { Injectable } from '@nestjs/common';
import type { AuditAction, CapsuleServiceId, ReportedService } from '#contracts';
import type { AgentActor } from '../../common/http/identity.js';
import { Ids } from '../../common/ids/ids.js';
import { Clock } from '../../common/time/clock.js';
import type { Tx } from '../../database/tx.js';
import { AuditService } from '../audit/audit.service.js';
import type { CapsuleServiceEntity } from './capsule-service.entity.js';
import { CapsuleServicesRepository, type ShownService } from './capsule-services.repository.js';
import { ServiceHealthLog } from './service-health.js';
import { ServiceParts } from './service-parts.js';
import { toServiceContent, type ServiceContent } from './service-report.js';

/** Stores one reported service as the difference to what is known of it, and audits what changed. */
@Injectable()
export class ServiceUpsert {
  constructor(
    private readonly services: CapsuleServicesRepository,
    private readonly parts: ServiceParts,
    private readonly health: ServiceHealthLog,
    private readonly audit: AuditService,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /** `existing` is the service with this code, whoever owned it. Returns its id. */
  async store(
    tx: Tx,
    agent: AgentActor,
    reported: ReportedService,
    existing: ShownService | null,
  ): Promise<CapsuleServiceId> {
    const content = toServiceContent(reported);
    const service = existing?.service ?? (await this.#create(tx, agent, reported.code, content));
    if (existing) await this.#update(tx, agent, existing, content);
    if (reported.health) await this.health.apply(tx, agent, service, reported.health, existing === null);
    return service.id;
  }

  /** Hides the service: its agent no longer lists it. */
  async retire(tx: Tx, agent: AgentActor, service: CapsuleServiceEntity): Promise<void> {
    await this.services.change(service.id, { retiredAt: this.clock.now(), updatedAt: this.clock.now() }, tx);
    await this.#record(tx, agent, service, 'service.retired', `Service ${service.code} is no longer reported.`);
  }

  async #create(tx: Tx, agent: AgentActor, code: string, content: ServiceContent): Promise<CapsuleServiceEntity> {
    const now = this.clock.now();
    const { configs, actions, ...columns } = content;
    const service: CapsuleServiceEntity = {
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
    await this.services.insert(service, tx);
    await this.parts.applyConfigs(tx, service.id, configs);
    await this.parts.applyActions(tx, service.id, actions);
    await this.#record(tx, agent, service, 'service.reported', `Service ${code} was reported for the first time.`, {
      created: true,
      version: service.version,
      configs: configs?.length ?? 0,
      actions: actions?.length ?? 0,
    });
    return service;
  }

  async #update(tx: Tx, agent: AgentActor, existing: ShownService, content: ServiceContent): Promise<void> {
    const { service } = existing;
    const isMoved = existing.agent.id !== agent.id;
    const isBack = service.retiredAt !== null;
    if (content.contentHash === service.contentHash && !isMoved && !isBack) {
      await this.services.touch([service.id], this.clock.now(), tx);
      return;
    }
    if (isMoved) await this.#recordMove(tx, agent, existing);
    await this.#applyContent(tx, agent, service, content);
  }

  async #applyContent(
    tx: Tx,
    agent: AgentActor,
    service: CapsuleServiceEntity,
    content: ServiceContent,
  ): Promise<void> {
    const now = this.clock.now();
    const { configs, actions, ...columns } = content;
    await this.services.change(
      service.id,
      { ...columns, agentId: agent.id, lastReportedAt: now, staleNotedAt: null, retiredAt: null, updatedAt: now },
      tx,
    );
    const configChanges = await this.parts.applyConfigs(tx, service.id, configs);
    const actionChanges = await this.parts.applyActions(tx, service.id, actions);
    if (configChanges) {
      const message = `The configuration of service ${service.code} changed.`;
      await this.#record(tx, agent, service, 'service.config.changed', message, configChanges);
    }
    if (content.version !== service.version) {
      const change = { from: service.version, to: content.version };
      const message = `Service ${service.code} went from version ${service.version ?? 'unknown'} to ${content.version ?? 'unknown'}.`;
      await this.#record(tx, agent, service, 'service.version.changed', message, change);
    }
    if (content.contentHash !== service.contentHash || service.retiredAt !== null) {
      await this.#record(tx, agent, service, 'service.reported', `Service ${service.code} reported a change.`, {
        fields: changedFields(service, content),
        configs: configChanges,
        actions: actionChanges,
        returned: service.retiredAt !== null,
      });
    }
  }

  async #recordMove(tx: Tx, agent: AgentActor, { service, agent: owner }: ShownService): Promise<void> {
    const message = `Service ${service.code} moved from agent ${owner.code} to agent ${agent.code}.`;
    const move = { fromAgentId: owner.id, toAgentId: agent.id };
    await this.#record(tx, agent, service, 'service.moved', message, move);
  }

  #record(
    tx: Tx,
    actor: AgentActor,
    { id }: CapsuleServiceEntity,
    action: AuditAction,
    message: string,
    metadata?: object,
  ): Promise<void> {
    return this.audit.record(tx, { actor, action, target: { type: 'CapsuleService', id }, message, metadata });
  }
}

const changedFields = (service: CapsuleServiceEntity, content: ServiceContent): readonly string[] => {
  const fields = ['name', 'description', 'version', 'runtime', 'manifest'] as const;
  return fields.filter((field) => JSON.stringify(service[field]) !== JSON.stringify(content[field]));
};
