import { Injectable } from '@nestjs/common';
import { Clock } from '../../common/time/clock.js';
import { Database } from '../../database/database.js';
import { HealthHistoryRepository } from './health-history.repository.js';

const BATCH = 500;
const DAY_SECONDS = 86_400;

/** Deletes changes of health that are older than they have to be. */
@Injectable()
export class HealthRetention {
  constructor(
    private readonly db: Database,
    private readonly history: HealthHistoryRepository,
    private readonly clock: Clock,
  ) {}

  /**
   * One bounded batch; returns how many. What a service was at the beginning of those days stays, however old: so it is
   * always known how it is, since when, and what it was then. Call again while it is not 0.
   */
  async prune(days: number): Promise<number> {
    const before = this.clock.secondsFromNow(-days * DAY_SECONDS);
    // Looked for beside the serving thread: with nothing to delete it goes through one report of each service.
    const ids = await this.history.listSupersededBefore(before, BATCH);
    if (ids.length === 0) return 0;
    return this.db.transaction((tx) => this.history.delete(ids, tx));
  }
}
