import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Injectable, Logger } from '@nestjs/common';
import type { SafetyReport } from '#contracts';
import { Clock, toInstant } from '../../../common/clock.js';
import { AppConfig } from '../../../config/app-config.js';
import { SECRET_FILE } from '../../../config/secret-file.js';
import { Database } from '../../../database/database.js';
import { RequestStats } from '../../../http/request-stats.js';
import { BackupFolder } from '../../backups/backup-folder.js';
import * as database from './safety-facts.js';
import type { RunQuery, StoredFacts } from './safety-facts.js';
import { evaluateSafety } from './safety-rules.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

export interface Source {
  readonly config: AppConfig;
  readonly clock: Clock;
  readonly ask: database.RunQuery;
  /** Hears why something could not be found out. */
  readonly logger: Pick<Logger, 'warn'>;
}

/** How many days ago the secret in the data directory was made; null when it is not that one that signs. */
export const secretAgeDays = ({ dataDir, sessionSecrets }: AppConfig, now: Date): number | null => {
  const file = join(dataDir, SECRET_FILE);
  const found = statSync(file, { throwIfNoEntry: false });
  if (!found || readFileSync(file, 'utf8').trim() !== sessionSecrets[0]) return null;
  return Math.max(0, Math.floor((now.getTime() - found.mtimeMs) / DAY_MS));
};

const backupAgeHours = async ({ config, clock }: Source): Promise<number | 'none'> => {
  const backups = await new BackupFolder(config, clock).list();
  const newest = backups.find(({ proof, kept }) => proof.proven && kept);
  if (!newest) return 'none';
  return Math.max(0, Math.floor((clock.now().getTime() - Date.parse(newest.madeAt)) / HOUR_MS));
};

/** What the database and the files say. What cannot be found out is null, and keeps nothing else from being found. */
export const collectFacts = async (source: Source): Promise<StoredFacts> => {
  const { ask, config, clock, logger } = source;
  const now = clock.now();
  const tried = async <T>(find: () => Promise<T>): Promise<T | null> => {
    try {
      return await find();
    } catch (error) {
      logger.warn(error);
      return null;
    }
  };
  return {
    owner: await tried(() => database.findOwner(ask)),
    tokensWithoutExpiry: await tried(() => database.findTokensWithoutExpiry(ask)),
    unusedTokens: await tried(() => database.findUnusedTokens(ask, now)),
    oldAgentTokens: await tried(() => database.findOldAgentTokens(ask, now)),
    unconfirmedActions: await tried(() => database.findUnconfirmedActions(ask)),
    exposedItems: await tried(() => database.findExposedItems(ask)),
    auditRetentionDays: await tried(() => database.findAuditRetentionDays(ask, config.auditRetentionDays)),
    migrations: await tried(() => database.findMigrations(ask)),
    backupAgeHours: await tried(() => backupAgeHours(source)),
  };
};

/** Whether this installation is safe to use; `opstage doctor` goes by the same rules. */
@Injectable()
export class SafetyService {
  readonly #logger = new Logger(SafetyService.name);

  constructor(
    private readonly config: AppConfig,
    private readonly clock: Clock,
    private readonly db: Database,
    private readonly traffic: RequestStats,
  ) {}

  async report(): Promise<SafetyReport> {
    const { config, clock } = this;
    const now = clock.now();
    // Some of it goes through every service: beside the serving thread.
    const ask: RunQuery = (text, parameters) => this.db.queryInWorker(text, parameters);
    const stored = await collectFacts({ config, clock, ask, logger: this.#logger });
    const facts = { ...stored, config, secretAgeDays: secretAgeDays(config, now), traffic: this.traffic.snapshot };
    return { checkedAt: toInstant(now), findings: evaluateSafety(facts) };
  }
}
