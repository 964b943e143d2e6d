import { Injectable } from '@nestjs/common';
import type { AgentActor } from '../../common/http/identity.js';
import { Clock } from '../../common/time/clock.js';
import type { Tx } from '../../database/tx.js';
import { AuditService } from '../audit/audit.service.js';
import { agentDisabled, agentRevoked } from './agent.errors.js';
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

  /**
   * A sign of life of any kind; an agent that was offline is online again.
   * @throws AGENT_DISABLED, AGENT_REVOKED for one that was shut out since it showed its token
   */
  async markSeen(tx: Tx, { id }: AgentActor): Promise<void> {
    if (await this.agents.markSeen(id, this.clock.now(), tx)) return;
    const agent = await this.agents.findById(id, tx);
    throw agent?.status === 'REVOKED' ? agentRevoked() : agentDisabled();
  }

  /**
   * A heartbeat: a sign of life that is audited at most once in five minutes.
   * @throws AGENT_DISABLED, AGENT_REVOKED
   */
  async recordHeartbeat(tx: Tx, agent: AgentActor): Promise<void> {
    await this.markSeen(tx, agent);
    const now = this.clock.now();
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
