import { Injectable } from '@nestjs/common';
import type { AgentId, AuditAction, CapsuleServiceId } from '#contracts';
import type { AgentActor, UserActor } from '../../../common/actor.js';
import type { Tx } from '../../../database/tx.js';
import { AuditService } from '../../audit/audit.service.js';
import { ChangeFeed } from '../../changes/change-feed.js';

/** An audit event about a service, without actor and target. */
export interface ServiceNote {
  readonly action: AuditAction;
  readonly message: string;
  readonly metadata?: object;
}

interface ServiceMove {
  readonly from: AgentId;
  readonly to: AgentId;
  readonly message: string;
}

/** Audits events of services, and publishes changes that are not worth an audit event. */
@Injectable()
export class ServiceEvents {
  constructor(
    private readonly audit: AuditService,
    private readonly changes: ChangeFeed,
  ) {}

  /** Audits an event that an agent caused. */
  record(tx: Tx, actor: AgentActor, id: CapsuleServiceId, note: ServiceNote): Promise<void> {
    return this.audit.record(tx, { actor, target: { type: 'CapsuleService', id }, ...note });
  }

  /** Audits a move. The event names only the new agent, so the change is published for the old one too. */
  async recordMove(tx: Tx, actor: AgentActor | UserActor, id: CapsuleServiceId, move: ServiceMove): Promise<void> {
    this.publish(tx, id, move.from);
    await this.audit.record(tx, {
      actor,
      action: 'service.moved',
      target: { type: 'CapsuleService', id },
      related: { agentId: move.to },
      message: move.message,
      metadata: { fromAgentId: move.from, toAgentId: move.to },
    });
  }

  /** Publishes a change that is not audited, or that concerns an agent the audit event does not name. */
  publish(tx: Tx, id: CapsuleServiceId, agentId: AgentId): void {
    this.changes.publish(tx, { topic: 'service', id, agentId, serviceId: id });
  }
}
