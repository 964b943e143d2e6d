import { Injectable } from '@nestjs/common';
import type { AgentId } from '#contracts';
import type { AgentActor } from '../../common/http/identity.js';
import { Clock } from '../../common/time/clock.js';
import { Database } from '../../database/database.js';
import { AuditService } from '../audit/audit.service.js';
import { AgentsRepository } from './agents.repository.js';

/** An agent that just goes on being alive is worth an event this often: more would be most of what the store holds. */
const STEADY_SECONDS = 6 * 3600;
/** One that comes and goes is worth an event this often at most. */
const LEAST_SECONDS = 300;

/** Audits heartbeats: the first, the first after a silence, and one every six hours. */
@Injectable()
export class HeartbeatAudit {
  /** Spares the database a question; the row decides, for all replicas. */
  readonly #dueAt = new Map<AgentId, number>();

  constructor(
    private readonly db: Database,
    private readonly agents: AgentsRepository,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  async note(agent: AgentActor): Promise<void> {
    const now = this.clock.now();
    const isBack = agent.status !== 'ONLINE';
    if (!isBack && now.getTime() < (this.#dueAt.get(agent.id) ?? 0)) return;
    const before = this.clock.secondsFromNow(-(isBack ? LEAST_SECONDS : STEADY_SECONDS));
    await this.db.transaction(async (tx) => {
      if (!(await this.agents.claimHeartbeatAudit(agent.id, now, before, tx))) return;
      await this.audit.record(tx, {
        actor: agent,
        action: 'agent.heartbeat.received',
        target: { type: 'Agent', id: agent.id },
        message: `Agent ${agent.code} is alive.`,
      });
    });
    this.#dueAt.set(agent.id, now.getTime() + STEADY_SECONDS * 1000);
  }
}
