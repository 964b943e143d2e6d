import { Injectable } from '@nestjs/common';
import type { AgentId, CommandId } from '#contracts';
import { LoadingCache } from '../../../common/memory/cache.js';
import { ChangeFeed } from '../../changes/change-feed.js';
import { END_EVENTS } from '../command-lifecycle.js';
import { CommandsRepository } from '../commands.repository.js';

const MAX_AGENTS = 50_000;

/**
 * Which commands each agent has claimed and not answered. Asked only for agents that say what they hold; one query for
 * each of them, and then changes keep it current.
 */
@Injectable()
export class ClaimedCommands {
  readonly #claimed = new LoadingCache<AgentId, Set<CommandId>>(MAX_AGENTS);

  constructor(
    private readonly commands: CommandsRepository,
    changes: ChangeFeed,
  ) {
    changes.on('command', ({ id, action, agentId }) => {
      if (!agentId || id === null) return;
      if (action === 'command.dispatched') this.#change(agentId, (claimed) => claimed.add(id as CommandId));
      else if (action === 'command.returned' || END_EVENTS.has(action)) {
        this.#change(agentId, (claimed) => claimed.delete(id as CommandId));
      }
    });
    changes.onGap(() => {
      this.#claimed.invalidateAll();
    });
  }

  /**
   * The commands the agent has claimed, has not answered and does not hold: their delivery was lost. Some may have been
   * claimed when the agent kept no journal, until {@link forget}: the claim leaves these out.
   */
  async lost(agentId: AgentId, holding: readonly CommandId[]): Promise<CommandId[]> {
    const claimed = await this.#claimed.get(agentId, async () => new Set(await this.commands.listClaimedIds(agentId)));
    if (claimed.size === 0) return [];
    const held = new Set(holding);
    return [...claimed].filter((id) => !held.has(id));
  }

  /** Reads again what the agent has claimed, the next time it is asked for. */
  forget(agentId: AgentId): void {
    this.#claimed.invalidate(agentId);
  }

  /** A reading under way may have missed the change, so it is applied after it. */
  #change(agentId: AgentId, change: (claimed: Set<CommandId>) => unknown): void {
    this.#claimed.peek(agentId)?.then(change, () => undefined);
  }
}
