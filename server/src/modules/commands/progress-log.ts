import { Injectable } from '@nestjs/common';
import { ChangeTopic, type CommandProgressRequest } from '#contracts';
import { Clock } from '../../common/time/clock.js';
import type { Tx } from '../../database/tx.js';
import { ChangeFeed } from '../changes/change-feed.js';
import { CommandProgressRepository } from './command-progress.repository.js';
import type { CommandEntity } from './command.entity.js';
import { addProgress } from './progress-content.js';

/** Keeps what agents say while they run a command, and tells those who watch it. Too frequent to be audited. */
@Injectable()
export class ProgressLog {
  constructor(
    private readonly progress: CommandProgressRepository,
    private readonly changes: ChangeFeed,
    private readonly clock: Clock,
  ) {}

  /** Adds the report to what is known. The caller holds the command: two at once would lose a line. */
  async add(tx: Tx, { id, agentId, serviceId }: CommandEntity, report: CommandProgressRequest): Promise<void> {
    const content = addProgress(await this.progress.findByCommand(id, tx), report);
    await this.progress.put({ commandId: id, ...content, updatedAt: this.clock.now() }, tx);
    this.changes.publish(tx, { topic: ChangeTopic.COMMAND, id, agentId, serviceId });
  }
}
