import { Injectable } from '@nestjs/common';
import type { AgentId, CommandId } from '#contracts';
import { Clock } from '../../../common/clock.js';
import { LoadingCache } from '../../../common/memory/cache.js';
import { ChangeFeed } from '../../changes/change-feed.js';
import { PENDING_EVENTS } from '../command-lifecycle.js';
import { CommandsRepository } from '../commands.repository.js';

const MAX_AGENTS = 50_000;

/** An agent that has not picked up a cancellation by then is no longer running the command. */
const NOTICE_SECONDS = 600;

/** How many announced cancellations are remembered; a forgotten one is announced again. */
const MAX_ANNOUNCED = 10_000;

interface Cancellation {
  readonly id: CommandId;
  readonly completedAt: Date;
}

/** What polls and heartbeats ask about each agent, answered without a query while nothing has changed. */
@Injectable()
export class DispatchCache {
  readonly #hasClaimable = new LoadingCache<AgentId, boolean>(MAX_AGENTS);
  /** Agents that got a pending command since their last look-up. */
  readonly #newlyPending = new Set<AgentId>();
  readonly #cancellations = new LoadingCache<AgentId, readonly Cancellation[]>(MAX_AGENTS);
  readonly #announced = new Set<CommandId>();

  constructor(
    private readonly commands: CommandsRepository,
    private readonly clock: Clock,
    changes: ChangeFeed,
  ) {
    changes.on('command', ({ action, agentId }) => {
      if (!agentId) return;
      if (PENDING_EVENTS.has(action)) {
        this.#hasClaimable.invalidate(agentId);
        this.#newlyPending.add(agentId);
      } else if (action === 'command.cancelled') this.#cancellations.invalidate(agentId);
    });
    changes.onGap(() => {
      this.#hasClaimable.invalidateAll();
      this.#cancellations.invalidateAll();
    });
  }

  /** Whether a claim may find a command for the agent; false only if it would find none. */
  async mayHaveCommands(agentId: AgentId): Promise<boolean> {
    if (this.#newlyPending.delete(agentId)) return true;
    const hasClaimable = await this.#hasClaimable.get(agentId, () =>
      this.commands.hasClaimable(agentId, this.clock.now()),
    );
    // The caller claims some of them now; whether any are left is unknown then.
    if (hasClaimable) this.#hasClaimable.invalidate(agentId);
    return hasClaimable;
  }

  /** The agent's commands that were cancelled while running, in the last ten minutes. They then count as announced. */
  async cancelledCommands(agentId: AgentId): Promise<CommandId[]> {
    const ids = await this.#recentlyCancelled(agentId);
    this.#markAnnounced(ids);
    return ids;
  }

  /** Whether there are cancellations not yet announced to the agent; true once for each. */
  async hasUnannounced(agentId: AgentId): Promise<boolean> {
    const unannounced = (await this.#recentlyCancelled(agentId)).filter((id) => !this.#announced.has(id));
    this.#markAnnounced(unannounced);
    return unannounced.length > 0;
  }

  async #recentlyCancelled(agentId: AgentId): Promise<CommandId[]> {
    const since = this.clock.secondsFromNow(-NOTICE_SECONDS);
    const cancellations = await this.#cancellations.get(agentId, () =>
      this.commands.listCancelledWhileRunning(agentId, since),
    );
    return cancellations.filter(({ completedAt }) => completedAt >= since).map(({ id }) => id);
  }

  #markAnnounced(ids: readonly CommandId[]): void {
    for (const id of ids) this.#announced.add(id);
    for (const oldest of this.#announced) {
      if (this.#announced.size <= MAX_ANNOUNCED) return;
      this.#announced.delete(oldest);
    }
  }
}
