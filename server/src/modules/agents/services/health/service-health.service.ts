import { Injectable } from '@nestjs/common';
import type { Health } from '#contracts';
import { canonicalJson } from '../../common/crypto/canonical-json.js';
import type { AgentActor } from '../../common/http/identity.js';
import { Ids } from '../../common/ids/ids.js';
import { Clock } from '../../common/time/clock.js';
import type { Tx } from '../../database/tx.js';
import type { CapsuleServiceEntity } from './capsule-service.entity.js';
import { CapsuleServicesRepository } from './capsule-services.repository.js';
import { ServiceLog } from './service-log.js';
import { ServicePartsRepository } from './service-parts.repository.js';
import { toHealthContent } from './service-report.js';

/** Keeps what a service says of its health: history is its transitions, not its samples. */
@Injectable()
export class ServiceHealthLog {
  constructor(
    private readonly services: CapsuleServicesRepository,
    private readonly parts: ServicePartsRepository,
    private readonly log: ServiceLog,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /**
   * Stores a new status or message as a transition, and new details without one. The first health is no change worth an
   * audit event.
   */
  async apply(tx: Tx, agent: AgentActor, service: CapsuleServiceEntity, health: Health): Promise<void> {
    const { status, message, details } = toHealthContent(health);
    const isFirst = service.healthSince === null;
    const isOther = isFirst || status !== service.healthStatus;
    const isTransition = isOther || message !== service.healthMessage;
    if (!isTransition && canonicalJson(details) === canonicalJson(service.healthDetails)) return;
    const reportedAt = this.clock.now();
    const changes = { healthStatus: status, healthMessage: message, healthDetails: details };
    await this.services.change(service.id, { ...changes, ...(isOther && { healthSince: reportedAt }) }, tx);
    this.log.announce(tx, service.id, agent.id);
    if (!isTransition) return;
    await this.parts.insertHealth(
      { id: this.ids.make('hlr'), serviceId: service.id, status, message, details, reportedAt },
      tx,
    );
    if (isFirst || !isOther) return;
    await this.log.record(tx, agent, service.id, {
      action: 'service.health.changed',
      message: `Service ${service.code} went from ${service.healthStatus} to ${status}.`,
      metadata: { from: service.healthStatus, to: status, message },
    });
  }
}
