import { Injectable } from '@nestjs/common';
import type { AgentId, CapsuleServiceId } from '#contracts';
import type { AgentActor } from '../../common/http/identity.js';
import type { Tx } from '../../database/tx.js';
import { AuditService } from '../audit/audit.service.js';
import { ChangeFeed } from '../changes/change-feed.js';
import type { ServiceNote } from './service-changes.js';

/** Says what happened to services: to the audit, and to those who only need to know that something did. */
@Injectable()
export class ServiceLog {
  constructor(
    private readonly audit: AuditService,
    private readonly changes: ChangeFeed,
  ) {}

  record(tx: Tx, actor: AgentActor, id: CapsuleServiceId, note: ServiceNote): Promise<void> {
    return this.audit.record(tx, { actor, target: { type: 'CapsuleService', id }, ...note });
  }

  /** A change that is not worth an audit event, or that concerns another agent than the one that caused it. */
  announce(tx: Tx, id: CapsuleServiceId, agentId: AgentId): void {
    this.changes.publish(tx, { topic: 'service', id, agentId, serviceId: id });
  }
}
