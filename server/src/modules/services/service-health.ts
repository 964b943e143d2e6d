import { Injectable } from '@nestjs/common';
import type { Health } from '#contracts';
import type { AgentActor } from '../../common/http/identity.js';
import { Ids } from '../../common/ids/ids.js';
import { redactObject, redactText } from '../../common/redaction/redact.js';
import { Clock } from '../../common/time/clock.js';
import type { Tx } from '../../database/tx.js';
import { AuditService } from '../audit/audit.service.js';
import type { CapsuleServiceEntity } from './capsule-service.entity.js';
import { CapsuleServicesRepository } from './capsule-services.repository.js';
import { ServicePartsRepository } from './service-parts.repository.js';

/** Keeps what a service says of its health: history is its transitions, not its samples. */
@Injectable()
export class ServiceHealthLog {
  constructor(
    private readonly services: CapsuleServicesRepository,
    private readonly parts: ServicePartsRepository,
    private readonly audit: AuditService,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /** Stores the health if its status or message is new. The first one is no change worth an audit event. */
  async apply(
    tx: Tx,
    agent: AgentActor,
    service: CapsuleServiceEntity,
    health: Health,
    isFirst = false,
  ): Promise<void> {
    const message = health.message === undefined ? null : redactText(health.message);
    if (!isFirst && health.status === service.healthStatus && message === service.healthMessage) return;
    const details = health.details ? redactObject(health.details) : null;
    const reportedAt = this.clock.now();
    const { id: serviceId } = service;
    await this.parts.insertHealth(
      { id: this.ids.make('hlr'), serviceId, status: health.status, message, details, reportedAt },
      tx,
    );
    const isOther = isFirst || health.status !== service.healthStatus;
    const changes = { healthStatus: health.status, healthMessage: message, healthDetails: details };
    await this.services.change(serviceId, { ...changes, ...(isOther && { healthSince: reportedAt }) }, tx);
    if (isFirst || !isOther) return;
    await this.audit.record(tx, {
      actor: agent,
      action: 'service.health.changed',
      target: { type: 'CapsuleService', id: serviceId },
      message: `Service ${service.code} went from ${service.healthStatus} to ${health.status}.`,
      metadata: { from: service.healthStatus, to: health.status, message },
    });
  }
}
