import { Injectable } from '@nestjs/common';
import type { AgentId, CommandId } from '#contracts';
import { ReadCache } from '../../common/memory/read-cache.js';
import { Clock } from '../../common/time/clock.js';
import { ChangeFeed } from '../changes/change-feed.js';
import { CommandsRepository } from './commands.repository.js';

/** An agent that has not noticed a cancellation by then is no longer running the command. */
const NOTICE_SECONDS = 600;
const CAPACITY = 50_000;

interface Notice {
  readonly id: CommandId;
  readonly completedAt: Date;
}

/** Knows which commands agents should stop running, without asking the database each time. */
@Injectable()
export class CancelNotices {
  readonly #known = new ReadCache<AgentId, readonly Notice[]>(CAPACITY);

  constructor(
    private readonly commands: CommandsRepository,
    private readonly clock: Clock,
    changes: ChangeFeed,
  ) {
    changes.subscribe({
      onChange: ({ action, agentId }) => {
        if (action === 'command.cancelled' && agentId) this.#known.forget(agentId);
      },
      onGap: () => {
        this.#known.clear();
      },
    });
  }

  /** Commands of the agent that were cancelled while it was running them, in the last ten minutes. */
  async of(agentId: AgentId): Promise<CommandId[]> {
    const since = this.clock.secondsFromNow(-NOTICE_SECONDS);
    const notices = await this.#known.get(agentId, () => this.commands.listCancelledWhileRunning(agentId, since));
    return notices.filter(({ completedAt }) => completedAt >= since).map(({ id }) => id);
  }
}
