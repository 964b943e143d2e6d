import { Injectable } from '@nestjs/common';
import type { AgentId, AuditAction } from '#contracts';
import { ReadCache } from '../../common/memory/read-cache.js';
import { Clock } from '../../common/time/clock.js';
import { ChangeFeed } from '../changes/change-feed.js';
import { CommandsRepository } from './commands.repository.js';

export const MAX_AGENTS = 50_000;

/** What makes a command wait for its agent. */
export const BEGINS_TO_WAIT: ReadonlySet<AuditAction | undefined> = new Set(['command.created', 'command.returned']);

/** Knows for which agents nothing waits, so that a poll that would find nothing costs the database nothing. */
@Injectable()
export class WaitingCommands {
  readonly #known = new ReadCache<AgentId, boolean>(MAX_AGENTS);
  /** The agents for which a command began to wait after they were last asked about. */
  readonly #news = new Set<AgentId>();

  constructor(
    private readonly commands: CommandsRepository,
    private readonly clock: Clock,
    changes: ChangeFeed,
  ) {
    changes.subscribe({
      onChange: ({ action, agentId }) => {
        if (!BEGINS_TO_WAIT.has(action) || !agentId) return;
        this.#known.forget(agentId);
        this.#news.add(agentId);
      },
      onGap: () => {
        this.#known.clear();
      },
    });
  }

  /** Whether the agent may find a command when it asks for one. */
  async mayBeThere(agentId: AgentId): Promise<boolean> {
    if (this.#news.delete(agentId)) return true;
    const mayBe = await this.#known.get(agentId, () => this.commands.hasClaimable(agentId, this.clock.now()));
    // Whoever is told takes some of them: what is left then is not known.
    if (mayBe) this.#known.forget(agentId);
    return mayBe;
  }
}
