import { existsSync } from 'node:fs';
import { Client } from 'pg';
import { SystemClock } from '../../common/clock.js';
import type { AppConfig } from '../../config/app-config.js';
import { bindSql } from '../../database/sql/named-parameters.js';
import { SqliteWorkers } from '../../database/sqlite/sqlite-workers.js';
import type { RunQuery } from '../../modules/system/safety/safety-facts.js';
import { evaluateSafety } from '../../modules/system/safety/safety-rules.js';
import { collectFacts, secretAgeDays } from '../../modules/system/safety/safety.service.js';
import { type Check, fault, warning } from './checks.js';

const CONNECT_TIMEOUT_MS = 5_000;

/** Asks without changing anything: no migration is run. */
const withAsk = async <T>({ database }: AppConfig, work: (ask: RunQuery) => Promise<T>): Promise<T> => {
  if (database.kind === 'sqlite') {
    const aside = new SqliteWorkers(database.file);
    const ask = async <R>(text: string, parameters = {}): Promise<readonly R[]> => {
      const { sql, values } = bindSql('sqlite', text, parameters);
      return (await aside.query(sql, values)) as readonly R[];
    };
    return work(ask).finally(() => aside.close());
  }
  const client = new Client({ connectionString: database.url, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  const connected = client.connect();
  // Heard by whoever asks.
  connected.catch(() => undefined);
  const ask = async <R>(text: string, parameters = {}): Promise<readonly R[]> => {
    const { sql, values } = bindSql('postgres', text, parameters);
    await connected;
    return (await client.query(sql, values)).rows as readonly R[];
  };
  return work(ask).finally(() => client.end());
};

/** Why nothing can be read from the database; null when it can. */
const whyUnreadable = async (ask: RunQuery): Promise<string | null> => {
  try {
    await ask('SELECT 1 FROM schema_migrations');
    return null;
  } catch (error) {
    return (error as Error).message;
  }
};

const databaseCheck = ({ database }: AppConfig, reason: string | null): Check[] => {
  if (database.kind === 'sqlite' && !existsSync(database.file)) {
    return [warning('There is no database yet.', 'The first start of the server makes it.')];
  }
  if (reason === null) return [];
  return [fault(`The database cannot be read: ${reason}`, 'Check DATABASE_URL; restore a backup if it is damaged.')];
};

/** The same as the console shows under Safety, but for what only a running server sees. */
export const checkSafety = (config: AppConfig): Promise<Check[]> =>
  withAsk(config, async (ask) => {
    const clock = new SystemClock();
    const broken = databaseCheck(config, await whyUnreadable(ask));
    const logger = { warn: () => undefined };
    const stored = await collectFacts({ config, clock, ask, logger });
    const findings = evaluateSafety({
      ...stored,
      config,
      secretAgeDays: secretAgeDays(config, clock.now()),
      traffic: null,
    });
    // One word about a database that cannot be read is enough.
    const told = broken.length > 0 ? findings.filter(({ situation }) => situation !== 'unreadable') : findings;
    return [...broken, ...told];
  });
