import { Injectable } from '@nestjs/common';
import type { AgentId, AuditAction, CommandId } from '#contracts';
import { Clock } from '../../../common/clock.js';
import { LoadingCache } from '../../../common/memory/cache.js';
import { ChangeFeed } from '../../changes/change-feed.js';
import { CommandsRepository } from '../commands.repository.js';

export const MAX_AGENTS = 50_000;

/** What makes a command wait for its agent. */
export const PENDING_EVENTS: ReadonlySet<AuditAction | undefined> = new Set(['command.created', 'command.returned']);

/** Knows for which agents nothing waits, so that a poll that would find nothing costs the database nothing. */
@Injectable()
export class DispatchCache {
  readonly #known = new LoadingCache<AgentId, boolean>(MAX_AGENTS);
  /** The agents for which a command began to wait after they were last asked about. */
  readonly #news = new Set<AgentId>();

  constructor(
    private readonly commands: CommandsRepository,
    private readonly clock: Clock,
    changes: ChangeFeed,
  ) {
    changes.on('command', ({ action, agentId }) => {
      if (!PENDING_EVENTS.has(action) || !agentId) return;
      this.#known.invalidate(agentId);
      this.#news.add(agentId);
    });
    changes.onGap(() => {
      this.#known.invalidateAll();
    });
  }

  /** Whether the agent may find a command when it asks for one. */
  async mayHaveCommands(agentId: AgentId): Promise<boolean> {
    if (this.#news.delete(agentId)) return true;
    const mayBe = await this.#known.get(agentId, () => this.commands.hasClaimable(agentId, this.clock.now()));
    // Whoever is told takes some of them: what is left then is not known.
    if (mayBe) this.#known.invalidate(agentId);
    return mayBe;
  }
}

/** An agent that has not noticed a cancellation by then is no longer running the command. */
const NOTICE_SECONDS = 600;

/** Of so many it is remembered that their agent was told, by this replica: through another it hears it again. */
const MAX_TOLD = 10_000;

interface Notice {
  readonly id: CommandId;
  readonly completedAt: Date;
}

/** Knows which commands agents should stop running, without asking the database each time. */
@Injectable()
export class CancelNotices {
  readonly #known = new LoadingCache<AgentId, readonly Notice[]>(MAX_AGENTS);
  readonly #told = new Set<CommandId>();

  constructor(
    private readonly commands: CommandsRepository,
    private readonly clock: Clock,
    changes: ChangeFeed,
  ) {
    changes.on('command', ({ action, agentId }) => {
      if (action === 'command.cancelled' && agentId) this.#known.invalidate(agentId);
    });
    changes.onGap(() => {
      this.#known.invalidateAll();
    });
  }

  /** Commands of the agent that were cancelled while it was running them, in the last ten minutes. */
  async cancelledCommands(agentId: AgentId): Promise<CommandId[]> {
    const ids = await this.#current(agentId);
    this.#noteTold(ids);
    return ids;
  }

  /** Whether there are some that the agent has not been told of; true once for each. */
  async hasUnannounced(agentId: AgentId): Promise<boolean> {
    const untold = (await this.#current(agentId)).filter((id) => !this.#told.has(id));
    this.#noteTold(untold);
    return untold.length > 0;
  }

  async #current(agentId: AgentId): Promise<CommandId[]> {
    const since = this.clock.secondsFromNow(-NOTICE_SECONDS);
    const notices = await this.#known.get(agentId, () => this.commands.listCancelledWhileRunning(agentId, since));
    return notices.filter(({ completedAt }) => completedAt >= since).map(({ id }) => id);
  }

  #noteTold(ids: readonly CommandId[]): void {
    for (const id of ids) this.#told.add(id);
    for (const oldest of this.#told) {
      if (this.#told.size <= MAX_TOLD) return;
      this.#told.delete(oldest);
    }
  }
}
