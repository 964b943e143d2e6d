import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import type { AgentId } from '#contracts';
import { type AgentActor, SYSTEM } from '../../../common/actor.js';
import { Clock } from '../../../common/clock.js';
import { type BatchResult, MaintenanceJob } from '../../../common/maintenance-job.js';
import { WriteBehind } from '../../../common/memory/write-behind.js';
import { Database } from '../../../database/database.js';
import type { Tx } from '../../../database/tx.js';
import { AuditService } from '../../audit/audit.service.js';
import { ChangeFeed } from '../../changes/change-feed.js';
import { agentDisabled, agentRevoked } from '../agents.errors.js';
import { AgentsRepository } from '../agents.repository.js';
import { SilenceThresholds } from './silence-thresholds.js';

/**
 * Notes that agents were heard of. When is kept in memory and written once a second for all of them; that an agent is
 * online again is written at once.
 */
@Injectable()
export class AgentLiveness implements BeforeApplicationShutdown {
  readonly #logger = new Logger(AgentLiveness.name);
  readonly #seen: WriteBehind<AgentId>;

  constructor(
    private readonly db: Database,
    private readonly agents: AgentsRepository,
    private readonly threshold: SilenceThresholds,
    private readonly changes: ChangeFeed,
    private readonly clock: Clock,
  ) {
    this.#seen = new WriteBehind(
      (instants) => agents.saveLastSeen(instants),
      (error) => {
        this.#logger.error(error);
      },
    );
  }

  /**
   * A sign of life of any kind; an agent that was offline is online again.
   * @throws AGENT_DISABLED, AGENT_REVOKED for one that was shut out since it showed its token
   */
  async markSeen(agent: AgentActor): Promise<void> {
    if (agent.status !== 'ONLINE') {
      await this.db.transaction((tx) => this.markSeenIn(tx, agent));
      return;
    }
    const before = this.#seen.record(agent.id, this.clock.now().getTime());
    // Back from a silence that shows: that is a change, and written at once.
    if (before === null || before < this.threshold.cutoff().getTime()) await this.flush();
  }

  /** {@link markSeen} with a change that only an agent which is let in may make: written at once, with that change. */
  async markSeenIn(tx: Tx, agent: AgentActor): Promise<void> {
    const { id } = agent;
    if (!(await this.agents.markSeen(id, this.clock.now(), tx))) {
      const shutOut = await this.agents.findById(id, tx);
      throw shutOut?.status === 'REVOKED' ? agentRevoked() : agentDisabled();
    }
    if (agent.status !== 'ONLINE') this.changes.publish(tx, { topic: 'agent', id, agentId: id });
  }

  /** Writes what is in memory; resolves when it is durable. Whoever judges silence calls it first. */
  flush(): Promise<void> {
    return this.#seen.flush();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.flush().catch((error: unknown) => {
      this.#logger.error(error);
    });
  }
}

const BATCH = 200;

/** Declares agents offline that were not heard of for the offline threshold. */
@Injectable()
export class SilentAgents {
  constructor(
    private readonly db: Database,
    private readonly agents: AgentsRepository,
    private readonly liveness: AgentLiveness,
    private readonly threshold: SilenceThresholds,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  /**
   * Marks one bounded batch of silent agents as offline; returns how many, and how many services they report. After the
   * server's own downtime it waits a full threshold first.
   */
  @MaintenanceJob({ id: 'agents', phase: 'silence', description: 'Marks silent agents as offline.' })
  async markOffline(): Promise<BatchResult> {
    if (!this.threshold.hasListenedLongEnough()) return { count: 0 };
    await this.liveness.flush();
    const cutoff = this.threshold.cutoff();
    return this.db.transaction(async (tx) => {
      const offline: AgentId[] = [];
      for (const agent of await this.agents.listSilent(cutoff, BATCH, tx)) {
        if (!(await this.agents.markOffline(agent.id, cutoff, this.clock.now(), tx))) continue;
        offline.push(agent.id);
        await this.audit.record(tx, {
          actor: SYSTEM,
          action: 'system.agent.offline',
          target: { type: 'Agent', id: agent.id },
          message: `Agent ${agent.code} was not heard of and counts as offline.`,
          metadata: { code: agent.code, lastSeenAt: agent.lastHeartbeatAt?.toISOString() ?? null },
        });
      }
      return { count: offline.length, services: await this.agents.countServicesOf(offline, tx) };
    });
  }
}
