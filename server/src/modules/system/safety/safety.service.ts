import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Injectable, Logger } from '@nestjs/common';
import type { SafetyReport } from '#contracts';
import { Clock, toInstant } from '../../../common/clock.js';
import { AppConfig } from '../../../config/app-config.js';
import { SECRET_FILE } from '../../../config/secret-file.js';
import { Database } from '../../../database/database.js';
import { RequestStats } from '../../../http/request-stats.js';
import { AuditIntegrityService } from '../../audit/integrity/audit-integrity.service.js';
import { BackupFolder } from '../../backups/backup-folder.js';
import * as facts from './safety-facts.js';
import type { RunQuery, StoredFacts } from './safety-facts.js';
import { evaluateSafety } from './safety-rules.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Where facts are read from. */
export interface Source {
  readonly config: AppConfig;
  readonly clock: Clock;
  readonly query: RunQuery;
  /** Receives the errors of facts that could not be read. */
  readonly logger: Pick<Logger, 'warn'>;
}

/** Age of the secret in the data directory; null when another secret is in use. */
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

/** Collects the facts from the database and from files. A fact that cannot be read is null and does not affect others. */
export const collectFacts = async (source: Source): Promise<StoredFacts> => {
  const { query, config, clock, logger } = source;
  const now = clock.now();
  const orNull = async <T>(find: () => Promise<T>): Promise<T | null> => {
    try {
      return await find();
    } catch (error) {
      logger.warn(error);
      return null;
    }
  };
  return {
    owner: await orNull(() => facts.findOwner(query)),
    tokensWithoutExpiry: await orNull(() => facts.findTokensWithoutExpiry(query)),
    unusedTokens: await orNull(() => facts.findUnusedTokens(query, now)),
    oldAgentTokens: await orNull(() => facts.findOldAgentTokens(query, now)),
    unconfirmedActions: await orNull(() => facts.findUnconfirmedActions(query)),
    exposedItems: await orNull(() => facts.findExposedItems(query)),
    auditRetentionDays: await orNull(() => facts.findAuditRetentionDays(query, config.auditRetentionDays)),
    auditIntegrity: await orNull(() => facts.findAuditIntegrity(query, config.database.kind)),
    migrations: await orNull(() => facts.findMigrations(query)),
    backupAgeHours: await orNull(() => backupAgeHours(source)),
  };
};

/** The safety report of this installation; `opstage doctor` applies the same rules. */
@Injectable()
export class SafetyService {
  readonly #logger = new Logger(SafetyService.name);

  constructor(
    private readonly config: AppConfig,
    private readonly clock: Clock,
    private readonly db: Database,
    private readonly traffic: RequestStats,
    private readonly integrity: AuditIntegrityService,
  ) {}

  /** Checks everything now; what cannot be read is a finding of its own. */
  async report(): Promise<SafetyReport> {
    const { config, clock } = this;
    const now = clock.now();
    // Some queries scan every service, so they run in a worker.
    const query: RunQuery = (text, parameters) => this.db.queryInWorker(text, parameters);
    const stored = await collectFacts({ config, clock, query, logger: this.#logger });
    // What this server found itself need not be in the record of the job yet.
    const auditIntegrity = stored.auditIntegrity && {
      ...stored.auditIntegrity,
      ...(this.integrity.fault && { verification: 'broken' as const }),
    };
    const secretAge = secretAgeDays(config, now);
    const traffic = this.traffic.snapshot;
    const findings = evaluateSafety({ ...stored, auditIntegrity, config, secretAgeDays: secretAge, traffic });
    return { checkedAt: toInstant(now), findings };
  }
}
