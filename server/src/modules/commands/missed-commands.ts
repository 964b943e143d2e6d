import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../../common/time/clock.js';
import { ChangeFeed } from '../changes/change-feed.js';
import { CommandsRepository } from './commands.repository.js';
import { ParkedPolls } from './parked-polls.js';

/** Wakes parked polls for commands that another replica announced unheard. */
@Injectable()
export class MissedCommands {
  readonly #logger = new Logger(MissedCommands.name);

  constructor(
    private readonly commands: CommandsRepository,
    private readonly parked: ParkedPolls,
    private readonly clock: Clock,
    changes: ChangeFeed,
  ) {
    changes.subscribe({
      onChange: () => undefined,
      onGap: () => void this.#wake(),
    });
  }

  async #wake(): Promise<void> {
    if (this.parked.count === 0) return;
    try {
      this.parked.wake(await this.commands.listAgentsWithClaimable(this.clock.now()));
    } catch (error) {
      // The next gap, or the next poll, tries again.
      this.#logger.warn(error);
    }
  }
}
