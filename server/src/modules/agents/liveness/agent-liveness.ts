import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import type { AgentId } from '#contracts';
import { type AgentActor, SYSTEM } from '../../../common/actor.js';
import { Clock } from '../../../common/clock.js';
import { type BatchResult, MaintenanceJob } from '../../../common/maintenance-job.js';
import { WriteBehind } from '../../../common/memory/write-behind.js';
import { Database } from '../../../database/database.js';
import type { Tx } from '../../../database/tx.js';
import { AuditService } from '../../audit/audit.service.js';
import { ChangeFeed } from '../../changes/change-feed.js';
import type { AgentEntity } from '../agent.entity.js';
import { agentDisabled, agentRevoked } from '../agents.errors.js';
import { AgentsRepository } from '../agents.repository.js';
import { SilenceThresholds } from './silence-thresholds.js';

const BATCH = 200;

/**
 * Records when agents were last seen, and marks silent ones offline. The times are kept in memory and written once a
 * second for all agents; an agent that comes back online is written at once.
 */
@Injectable()
export class AgentLiveness implements BeforeApplicationShutdown, OnApplicationBootstrap {
  readonly #logger = new Logger(AgentLiveness.name);
  readonly #seen: WriteBehind<AgentId>;

  constructor(
    private readonly db: Database,
    private readonly agents: AgentsRepository,
    private readonly thresholds: SilenceThresholds,
    private readonly changes: ChangeFeed,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {
    this.#seen = new WriteBehind(
      (instants) => agents.saveLastSeen(instants, clock.now()),
      (error) => {
        this.#logger.error(error);
      },
    );
  }

  /** A clock that was ahead must not keep an agent alive that has stopped since. */
  async onApplicationBootstrap(): Promise<void> {
    if (!(await this.agents.isAnySeenAfter(this.clock.now()))) return;
    await this.db.transaction((tx) => this.agents.bringBackLastSeen(this.clock.now(), tx));
  }

  /**
   * Records a sign of life of any kind; an agent that was offline is online again.
   * @throws AGENT_DISABLED, AGENT_REVOKED when the agent was disabled or revoked after this request was authorized
   */
  async markSeen(agent: AgentActor): Promise<void> {
    if (agent.status !== 'ONLINE') {
      await this.db.transaction((tx) => this.markSeenIn(tx, agent));
      return;
    }
    const before = this.#seen.record(agent.id, this.clock.now().getTime());
    // The agent was shown as silent until now: that is a visible change, so it is written at once.
    if (before === null || before < this.thresholds.agentCutoff().getTime()) await this.flush();
  }

  /** {@link markSeen} within the transaction of a change that only an admitted agent may make. */
  async markSeenIn(tx: Tx, agent: AgentActor): Promise<void> {
    const { id } = agent;
    if (agent.status === 'OFFLINE' && (await this.agents.markReturned(id, tx))) await this.#auditReturn(tx, agent);
    if (!(await this.agents.markSeen(id, this.clock.now(), tx))) {
      const excluded = await this.agents.findById(id, tx);
      throw excluded?.status === 'REVOKED' ? agentRevoked() : agentDisabled();
    }
    if (agent.status !== 'ONLINE') this.changes.publish(tx, { topic: 'agent', id, agentId: id });
  }

  /** An agent that stops in an orderly way is offline at once, until its next sign of life. */
  async leave(agent: AgentActor, { backInSeconds = null }: { readonly backInSeconds?: number | null }): Promise<void> {
    const { id, code } = agent;
    await this.db.transaction(async (tx) => {
      if (!(await this.agents.changeStatus(id, { from: ['ONLINE'], to: 'OFFLINE', at: this.clock.now() }, tx))) return;
      await this.audit.record(tx, {
        actor: agent,
        action: 'agent.left',
        target: { type: 'Agent', id },
        message: `Agent ${code} stopped, as it said.`,
        metadata: { code, backInSeconds },
      });
      this.changes.publish(tx, { topic: 'agent', id, agentId: id });
    });
  }

  /**
   * Marks one bounded batch of silent agents as offline; returns how many, and how many services they have. After a start,
   * a pause or a jump of the clock it waits a full threshold first.
   */
  @MaintenanceJob({ id: 'agents', phase: 'silence', description: 'Marks silent agents as offline.' })
  async markOffline(): Promise<BatchResult> {
    await this.flush();
    // In this order: a pause after the question must not move what was judged.
    const cutoff = this.thresholds.agentCutoff();
    if (!this.thresholds.hasListenedLongEnough()) return { count: 0 };
    return this.db.transaction(async (tx) => {
      await this.agents.bringBackLastSeen(this.clock.now(), tx);
      const offline: AgentId[] = [];
      for (const agent of await this.agents.listSilent(cutoff, BATCH, tx)) {
        if (!(await this.agents.markOffline(agent.id, cutoff, this.clock.now(), tx))) continue;
        offline.push(agent.id);
        await this.#auditOffline(tx, agent);
      }
      return { count: offline.length, services: await this.agents.countServicesOf(offline, tx) };
    });
  }

  /** Writes what is in memory; resolves when it is durable. Call it before judging who is silent. */
  flush(): Promise<void> {
    return this.#seen.flush();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.flush().catch((error: unknown) => {
      this.#logger.error(error);
    });
  }

  #auditReturn(tx: Tx, agent: AgentActor): Promise<void> {
    return this.audit.record(tx, {
      actor: agent,
      action: 'agent.returned',
      target: { type: 'Agent', id: agent.id },
      message: `Agent ${agent.code} is back after it was offline.`,
      metadata: { code: agent.code },
    });
  }

  #auditOffline(tx: Tx, { id, code, lastHeartbeatAt }: AgentEntity): Promise<void> {
    return this.audit.record(tx, {
      actor: SYSTEM,
      action: 'system.agent.offline',
      target: { type: 'Agent', id },
      message: `Agent ${code} stopped reporting and is now offline.`,
      metadata: { code, lastSeenAt: lastHeartbeatAt?.toISOString() ?? null },
    });
  }
}
