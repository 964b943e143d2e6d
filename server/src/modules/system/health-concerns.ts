import { statfs } from 'node:fs/promises';
import { Injectable, Logger } from '@nestjs/common';
import type { HealthConcern } from '#contracts';
import { AppConfig } from '../../config/app-config.js';
import { Database } from '../../database/database.js';
import { ScheduledBackups } from '../backups/scheduled-backups.js';
import { JobStatuses } from '../maintenance/job-statuses.js';

const MAX_WRITE_WAIT_SECONDS = 5;
const MIN_FREE_BYTES = 256 * 1024 * 1024;

/** What is worrying about how things stand. Anybody may ask: nothing in here says where or who. */
export const concernsOf = (state: {
  readonly oldestWriteSeconds: number;
  readonly freeBytes: number | null;
  readonly failedSweeps: readonly string[];
  readonly backupFailed: boolean;
}): HealthConcern[] => {
  const concerns: HealthConcern[] = [];
  if (state.oldestWriteSeconds > MAX_WRITE_WAIT_SECONDS) {
    concerns.push({ code: 'WRITES_STUCK', message: 'What is to be written waits for more than 5 seconds.' });
  }
  if (state.freeBytes !== null && state.freeBytes < MIN_FREE_BYTES) {
    concerns.push({ code: 'DISK_NEARLY_FULL', message: 'Less than 256 MB are free where the data lies.' });
  }
  if (state.failedSweeps.length > 0) {
    concerns.push({
      code: 'SWEEP_FAILED',
      message: `The last maintenance run failed: ${state.failedSweeps.join(', ')}.`,
    });
  }
  if (state.backupFailed) {
    concerns.push({ code: 'BACKUP_FAILED', message: 'The last scheduled backup failed.' });
  }
  return concerns;
};

/** Looks for what is worrying although the database answers. */
@Injectable()
export class HealthConcerns {
  readonly #logger = new Logger(HealthConcerns.name);

  constructor(
    private readonly db: Database,
    private readonly config: AppConfig,
    private readonly jobs: JobStatuses,
    private readonly backups: ScheduledBackups,
  ) {}

  async list(): Promise<readonly HealthConcern[]> {
    return concernsOf({
      oldestWriteSeconds: this.db.writes.oldestWaitSeconds,
      freeBytes: await this.#freeBytes(),
      failedSweeps: await this.jobs.failed(),
      backupFailed: this.backups.hasFailed,
    });
  }

  /** Null where the system does not say. */
  async #freeBytes(): Promise<number | null> {
    try {
      const { bavail, bsize } = await statfs(this.config.dataDir);
      return bavail * bsize;
    } catch (error) {
      this.#logger.debug(error);
      return null;
    }
  }
}
