import { Injectable } from '@nestjs/common';
import { Clock } from '../../common/time/clock.js';
import { Database } from '../../database/database.js';
import { CommandsRepository } from './commands.repository.js';

/** A result may be large. */
const BATCH = 100;
const DAY_SECONDS = 86_400;

/** Deletes commands that ended long enough ago; the audit still tells what they were. */
@Injectable()
export class CommandRetention {
  constructor(
    private readonly db: Database,
    private readonly commands: CommandsRepository,
    private readonly clock: Clock,
  ) {}

  /** One bounded batch, with results, progress and keys; returns how many commands. Call again while it is not 0. */
  prune(days: number): Promise<number> {
    const before = this.clock.secondsFromNow(-days * DAY_SECONDS);
    return this.db.transaction((tx) => this.commands.deleteFinished(before, BATCH, tx));
  }
}
