import { setTimeout as delay } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import type { SystemHealth, SystemVersion } from '#contracts';
import { DomainError } from '../../common/errors/domain-error.js';
import { Clock, toInstant } from '../../common/time/clock.js';
import { AppConfig } from '../../config/app-config.js';
import { Database } from '../../database/database.js';
import { HealthConcerns } from './health-concerns.js';

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
