import { Injectable } from '@nestjs/common';
import type { CapsuleServiceId } from '#contracts';
import type { UserActor } from '../../common/http/identity.js';
import { Clock } from '../../common/time/clock.js';
import type { Tx } from '../../database/tx.js';
import type { AgentEntity } from '../agents/agent.entity.js';
import { CapsuleServicesRepository, type ShownService } from './capsule-services.repository.js';
import { ServiceLog } from './service-log.js';
import { capsuleServiceNotFound } from './service.errors.js';

/** Says whose a service is when an operator does. */
@Injectable()
export class ServiceOwnership {
  constructor(
    private readonly services: CapsuleServicesRepository,
    private readonly log: ServiceLog,
    private readonly clock: Clock,
  ) {}

  /** The service, which nobody else moves until the transaction ends. @throws CAPSULE_SERVICE_NOT_FOUND */
  async hold(tx: Tx, id: CapsuleServiceId): Promise<ShownService> {
    const shown = (await this.services.hold(id, tx)) ? await this.services.findShown(id, tx) : null;
    if (!shown) throw capsuleServiceNotFound(id);
    return shown;
  }

  /** Gives the service, with all there is of it, to another agent, whose reports of it count from now on. */
  async give(tx: Tx, actor: UserActor, { service, agent }: ShownService, to: AgentEntity): Promise<void> {
    await this.services.change(service.id, { agentId: to.id, updatedAt: this.clock.now() }, tx);
    const message = `${actor.username} moved service ${service.code} from agent ${agent.code} to agent ${to.code}.`;
    await this.log.recordMove(tx, actor, service.id, { from: agent.id, to: to.id, message });
  }
}
