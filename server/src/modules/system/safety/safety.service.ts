import { Injectable, Logger } from '@nestjs/common';
import type { SafetyReport } from '#contracts';
import { Traffic } from '../../../common/http/traffic.js';
import { Clock, toInstant } from '../../../common/time/clock.js';
import { AppConfig } from '../../../config/app-config.js';
import { Database } from '../../../database/database.js';
import { bindSql } from '../../../database/named-sql.js';
import type { Ask } from './database-facts.js';
import { gatherStoredFacts, secretAgeDays } from './gather-facts.js';
import { judgeSafety } from './safety-rules.js';

/** Whether this installation is safe to use; `opstage doctor` goes by the same rules. */
@Injectable()
export class SafetyService {
  readonly #logger = new Logger(SafetyService.name);

  constructor(
    private readonly config: AppConfig,
    private readonly clock: Clock,
    private readonly db: Database,
    private readonly traffic: Traffic,
  ) {}

  async report(): Promise<SafetyReport> {
    const { config, clock } = this;
    const now = clock.now();
    // Some of it goes through every service: beside the serving thread.
    const ask: Ask = (text, parameters = {}) => {
      const { sql, values } = bindSql(this.db.kind, text, parameters);
      return this.db.queryAside(sql, values);
    };
    const stored = await gatherStoredFacts({ config, clock, ask, logger: this.#logger });
    const facts = { ...stored, config, secretAgeDays: secretAgeDays(config, now), traffic: this.traffic.seen };
    return { checkedAt: toInstant(now), findings: judgeSafety(facts) };
  }
}
