import { statfs } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import type { HealthConcern, SystemHealth, SystemVersion } from '#contracts';
import { Clock, toInstant } from '../../../common/clock.js';
import { DomainError } from '../../../common/errors.js';
import { AppConfig } from '../../../config/app-config.js';
import { Database } from '../../../database/database.js';
import { BackupsService } from '../../backups/backups.service.js';
import { MaintenanceService } from '../../maintenance/maintenance.service.js';

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
    private readonly jobs: MaintenanceService,
    private readonly backups: BackupsService,
  ) {}

  async list(): Promise<readonly HealthConcern[]> {
    return concernsOf({
      oldestWriteSeconds: this.db.writes.oldestWaitSeconds,
      freeBytes: await this.#freeBytes(),
      // Backups have a concern of their own.
      failedSweeps: (await this.jobs.failedJobs()).filter((id) => id !== 'backups'),
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

/** Who watches the health asks again long before it would give up on an answer. */
const MAX_PING_MS = 2_000;

@Injectable()
export class SystemHealthService {
  readonly #logger = new Logger(SystemHealthService.name);

  constructor(
    private readonly db: Database,
    private readonly config: AppConfig,
    private readonly clock: Clock,
    private readonly concerns: HealthConcerns,
  ) {}

  /** @throws DATABASE_UNAVAILABLE (503) with the same body in `details` when the database does not answer */
  async health(): Promise<SystemHealth> {
    const latencyMs = await this.#latencyMs();
    const concerns = latencyMs === null ? [] : await this.concerns.list();
    const health: SystemHealth = {
      status: latencyMs === null ? 'DOWN' : concerns.length > 0 ? 'DEGRADED' : 'UP',
      timestamp: toInstant(this.clock.now()),
      version: this.config.version,
      edition: 'ce',
      database: { status: latencyMs === null ? 'DOWN' : 'UP', kind: this.db.kind, latencyMs },
      uptimeSeconds: Math.floor(process.uptime()),
      ...(concerns.length > 0 && { concerns }),
    };
    if (latencyMs !== null) return health;
    throw new DomainError('DATABASE_UNAVAILABLE', 'The database does not answer.', {
      details: health,
      retryAfterSeconds: 5,
    });
  }

  version(): SystemVersion {
    const { version, commit, buildTime } = this.config;
    return { name: 'opstage-ce', version, edition: 'ce', commit, buildTime };
  }

  /** In milliseconds with three decimals; null when the database does not answer, or not in time. */
  async #latencyMs(): Promise<number | null> {
    const patience = new AbortController();
    try {
      const tooLate = delay(MAX_PING_MS, null, { signal: patience.signal });
      const latency = await Promise.race([this.db.ping(), tooLate]);
      return latency === null ? null : Math.round(latency * 1000) / 1000;
    } catch (error) {
      this.#logger.error(error);
      return null;
    } finally {
      patience.abort();
    }
  }
}
