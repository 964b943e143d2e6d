import { Injectable } from '@nestjs/common';
import type { AgentActor } from '../../common/http/identity.js';
import { Clock } from '../../common/time/clock.js';
import type { Tx } from '../../database/tx.js';
import { AuditService } from '../audit/audit.service.js';
import { AgentsRepository } from './agents.repository.js';

const HEARTBEAT_AUDIT_SECONDS = 300;

/** Notes that an agent was heard of. */
@Injectable()
export class AgentLiveness {
  constructor(
    private readonly agents: AgentsRepository,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  /** A sign of life of any kind; an agent that was offline is online again. */
  async markSeen(tx: Tx, agent: AgentActor): Promise<void> {
    await this.agents.markSeen(agent.id, this.clock.now(), tx);
  }

  /** A heartbeat: a sign of life that is audited at most once in five minutes. */
  async recordHeartbeat(tx: Tx, agent: AgentActor): Promise<void> {
    const now = this.clock.now();
    await this.agents.markSeen(agent.id, now, tx);
    const before = this.clock.secondsFromNow(-HEARTBEAT_AUDIT_SECONDS);
    if (!(await this.agents.claimHeartbeatAudit(agent.id, now, before, tx))) return;
    await this.audit.record(tx, {
      actor: agent,
      action: 'agent.heartbeat.received',
      target: { type: 'Agent', id: agent.id },
      message: `Agent ${agent.code} is alive.`,
    });
  }
}
