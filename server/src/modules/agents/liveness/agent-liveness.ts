import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import type { AgentId } from '#contracts';
import type { AgentActor } from '../../common/http/identity.js';
import { WriteBehind } from '../../common/memory/write-behind.js';
import { Clock } from '../../common/time/clock.js';
import { Database } from '../../database/database.js';
import type { Tx } from '../../database/tx.js';
import { ChangeFeed } from '../changes/change-feed.js';
import { agentDisabled, agentRevoked } from './agent.errors.js';
import { AgentsRepository } from './agents.repository.js';
import { OfflineThreshold } from './offline-threshold.js';

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
    private readonly threshold: OfflineThreshold,
    private readonly changes: ChangeFeed,
    private readonly clock: Clock,
  ) {
    this.#seen = new WriteBehind(
      (instants) => agents.noteSeen(instants),
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
    const before = this.#seen.note(agent.id, this.clock.now().getTime());
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
