import { Injectable, Logger } from '@nestjs/common';
import type { SystemHealth, SystemVersion } from '#contracts';
import { DomainError } from '../../common/errors/domain-error.js';
import { Clock, toInstant } from '../../common/time/clock.js';
import { AppConfig } from '../../config/app-config.js';
import { Database } from '../../database/database.js';

@Injectable()
export class SystemHealthService {
  readonly #logger = new Logger(SystemHealthService.name);

  constructor(
    private readonly db: Database,
    private readonly config: AppConfig,
    private readonly clock: Clock,
  ) {}

  /** @throws DATABASE_UNAVAILABLE (503) with the same body in `details` when the database does not answer */
  async health(): Promise<SystemHealth> {
    const latencyMs = await this.#latencyMs();
    const health: SystemHealth = {
      status: latencyMs === null ? 'DOWN' : 'UP',
      timestamp: toInstant(this.clock.now()),
      version: this.config.version,
      edition: 'ce',
      database: { status: latencyMs === null ? 'DOWN' : 'UP', kind: this.db.kind, latencyMs },
      uptimeSeconds: Math.floor(process.uptime()),
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

  /** In milliseconds with three decimals; null when the database does not answer. */
  async #latencyMs(): Promise<number | null> {
    try {
      return Math.round((await this.db.ping()) * 1000) / 1000;
    } catch (error) {
      this.#logger.error(error);
      return null;
    }
  }
}
