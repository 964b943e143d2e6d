import { statfs } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import type { HealthConcern, SystemHealth, SystemLiveness, SystemVersion } from '#contracts';
import { Clock, toInstant } from '../../../common/clock.js';
import { DomainError } from '../../../common/errors.js';
import { AppConfig } from '../../../config/app-config.js';
import { buildKind } from '../../../config/build-info.js';
import { Database } from '../../../database/database.js';
import type { StorageFailure } from '../../../database/errors.js';
import { AuditIntegrityService, VERIFICATION_JOB } from '../../audit/integrity/audit-integrity.service.js';
import { BackupsService } from '../../backups/backups.service.js';
import { ChangeFeed } from '../../changes/change-feed.js';
import { MaintenanceService } from '../../maintenance/maintenance.service.js';
import { SettingsService } from '../../settings/settings.service.js';

const MAX_WRITE_WAIT_SECONDS = 5;
const MIN_FREE_BYTES = 256 * 1024 * 1024;
const FULL_BYTES = 1024 * 1024;
const NOTHING_IS_STORED = 'Nothing can be stored: no one can sign in, and agents are refused with 503.';
/** Below the timeout of common health probes. */
const MAX_PING_MS = 2_000;

interface HealthFigures {
  readonly oldestWriteSeconds: number;
  /** Null where the system does not report it. */
  readonly freeBytes: number | null;
  readonly failedJobs: readonly string[];
  readonly backupFailed: boolean;
  /** Why the last write could not be stored; null when it could. */
  readonly writeFailure: StorageFailure | null;
  readonly hearsReplicas: boolean;
  /** Why the clock is in doubt; null while it is trusted. */
  readonly clock: string | null;
  /** Stored settings that count as the default because they are invalid. */
  readonly invalidSettings: readonly string[];
  readonly auditBroken: boolean;
}

/** The concerns that these figures raise. `/health` is public, so none of them names a path or a person. */
export const concernsOf = (figures: HealthFigures): HealthConcern[] => {
  const concerns: HealthConcern[] = [];
  if (figures.oldestWriteSeconds > MAX_WRITE_WAIT_SECONDS) {
    concerns.push({ code: 'WRITES_STUCK', message: 'Database writes have been waiting for more than 5 seconds.' });
  }
  if (figures.writeFailure === 'read-only') {
    concerns.push({ code: 'DATABASE_READ_ONLY', message: `The database cannot be written. ${NOTHING_IS_STORED}` });
  }
  if (figures.writeFailure === 'full' || (figures.freeBytes ?? Infinity) < FULL_BYTES) {
    const cure = 'Make room on the disk of the data directory, or run the maintenance, which deletes what is due.';
    concerns.push({ code: 'DISK_FULL', message: `The disk is full. ${NOTHING_IS_STORED} ${cure}` });
  } else if (figures.freeBytes !== null && figures.freeBytes < MIN_FREE_BYTES) {
    concerns.push({ code: 'DISK_NEARLY_FULL', message: 'The data directory has less than 256 MB of free space.' });
  }
  if (figures.failedJobs.length > 0) {
    concerns.push({
      code: 'SWEEP_FAILED',
      message: `The last maintenance run failed: ${figures.failedJobs.join(', ')}.`,
    });
  }
  if (figures.backupFailed) {
    concerns.push({ code: 'BACKUP_FAILED', message: 'The last scheduled backup failed.' });
  }
  if (!figures.hearsReplicas) {
    concerns.push({
      code: 'CHANGES_NOT_HEARD',
      message:
        'PostgreSQL notifications do not arrive, so changes of other replicas take seconds; connect directly or through a pooler in session mode.',
    });
  }
  if (figures.clock !== null) concerns.push({ code: 'CLOCK_JUMPED', message: figures.clock });
  if (figures.invalidSettings.length > 0) {
    concerns.push({
      code: 'SETTING_INVALID',
      message: `The database has settings that this server does not accept, so their defaults count: ${figures.invalidSettings.join(', ')}.`,
    });
  }
  if (figures.auditBroken) {
    concerns.push({ code: 'AUDIT_BROKEN', message: 'The audit does not match what was sealed; verify it.' });
  }
  return concerns;
};

/** Whether the server and its database work, and what needs attention although they do. */
@Injectable()
export class SystemHealthService {
  readonly #logger = new Logger(SystemHealthService.name);

  constructor(
    private readonly db: Database,
    private readonly config: AppConfig,
    private readonly clock: Clock,
    private readonly maintenance: MaintenanceService,
    private readonly backups: BackupsService,
    private readonly changes: ChangeFeed,
    private readonly settings: SettingsService,
    private readonly integrity: AuditIntegrityService,
  ) {}

  /**
   * The health of the server; DEGRADED means it works, but something needs attention.
   * @throws DATABASE_UNAVAILABLE (503) with the same body in `details` when the database does not respond
   */
  async health(): Promise<SystemHealth> {
    const latencyMs = await this.#latencyMs();
    const concerns = latencyMs === null ? [] : await this.#concerns();
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
    throw new DomainError('DATABASE_UNAVAILABLE', 'The database does not respond.', {
      details: health,
      retryAfterSeconds: 5,
    });
  }

  /** That this process serves requests, whatever its database does. */
  liveness(): SystemLiveness {
    return { status: 'UP', timestamp: toInstant(this.clock.now()), uptimeSeconds: Math.floor(process.uptime()) };
  }

  /** The version of this program and the build it comes from. */
  version(): SystemVersion {
    const { version, commit, buildTime } = this.config;
    return { name: 'opstage-ce', version, edition: 'ce', commit, buildTime, kind: buildKind() };
  }

  async #concerns(): Promise<readonly HealthConcern[]> {
    const failedJobs = await this.maintenance.failedJobs();
    return concernsOf({
      oldestWriteSeconds: this.db.writes.oldestWaitSeconds,
      writeFailure: this.db.writes.failure,
      freeBytes: await this.#freeBytes(),
      // These have a concern of their own.
      failedJobs: failedJobs.filter((id) => id !== 'backups' && id !== VERIFICATION_JOB),
      backupFailed: this.backups.hasFailed,
      hearsReplicas: this.changes.hearsReplicas,
      clock: this.maintenance.clockConcern(),
      invalidSettings: this.settings.refused,
      auditBroken: this.integrity.fault !== null || failedJobs.includes(VERIFICATION_JOB),
    });
  }

  async #freeBytes(): Promise<number | null> {
    try {
      const { bavail, bsize } = await statfs(this.config.dataDir);
      return bavail * bsize;
    } catch (error) {
      this.#logger.debug(error);
      return null;
    }
  }

  /** In milliseconds with three decimals; null when the database does not respond in time. */
  async #latencyMs(): Promise<number | null> {
    const timer = new AbortController();
    try {
      const timeout = delay(MAX_PING_MS, null, { signal: timer.signal });
      const latency = await Promise.race([this.db.ping(), timeout]);
      return latency === null ? null : Math.round(latency * 1000) / 1000;
    } catch (error) {
      this.#logger.error(error);
      return null;
    } finally {
      timer.abort();
    }
  }
}
