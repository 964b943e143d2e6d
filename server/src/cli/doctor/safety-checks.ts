import { Client } from 'pg';
import { SystemClock } from '../../common/clock.js';
import type { AppConfig } from '../../config/app-config.js';
import { bindSql } from '../../database/sql/named-parameters.js';
import { SqliteWorkers } from '../../database/sqlite/sqlite-workers.js';
import type { RunQuery } from '../../modules/system/safety/safety-facts.js';
import { evaluateSafety } from '../../modules/system/safety/safety-rules.js';
import { collectFacts, secretAgeDays } from '../../modules/system/safety/safety.service.js';
import { type Check, fault } from './checks.js';

const CONNECT_TIMEOUT_MS = 5_000;

/** Runs `work` with read access to the database; no migration is run. */
const withQuery = async <T>({ database }: AppConfig, work: (query: RunQuery) => Promise<T>): Promise<T> => {
  if (database.kind === 'sqlite') {
    const workers = new SqliteWorkers(database.file);
    const query = async <R>(text: string, parameters = {}): Promise<readonly R[]> => {
      const { sql, values } = bindSql('sqlite', text, parameters);
      return (await workers.query(sql, values)) as readonly R[];
    };
    return work(query).finally(() => workers.close());
  }
  const client = new Client({ connectionString: database.url, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  const connected = client.connect();
  // The first query reports a failure.
  connected.catch(() => undefined);
  const query = async <R>(text: string, parameters = {}): Promise<readonly R[]> => {
    const { sql, values } = bindSql('postgres', text, parameters);
    await connected;
    return (await client.query(sql, values)).rows as readonly R[];
  };
  return work(query).finally(() => client.end());
};

/** The reason why the database cannot be read, or null. */
const whyUnreadable = async (query: RunQuery): Promise<string | null> => {
  try {
    await query('SELECT 1 FROM schema_migrations');
    return null;
  } catch (error) {
    return (error as Error).message;
  }
};

const databaseCheck = (reason: string | null): Check[] =>
  reason === null
    ? []
    : [
        fault(
          `The database cannot be read: ${reason}`,
          'Check DATABASE_URL; if the database is damaged, restore a backup.',
        ),
      ];

/** The checks of the console's safety page, except those that need a running server. */
export const checkSafety = (config: AppConfig): Promise<Check[]> =>
  withQuery(config, async (query) => {
    const clock = new SystemClock();
    const broken = databaseCheck(await whyUnreadable(query));
    const logger = { warn: () => undefined };
    const stored = await collectFacts({ config, clock, query, logger });
    const findings = evaluateSafety({
      ...stored,
      config,
      secretAgeDays: secretAgeDays(config, clock.now()),
      traffic: null,
    });
    // One finding about an unreadable database is enough.
    const others = broken.length > 0 ? findings.filter(({ situation }) => situation !== 'unreadable') : findings;
    return [...broken, ...others];
  });
