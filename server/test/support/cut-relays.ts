import { Client } from 'pg';
import type { TestDatabase } from './test-database.js';

const RELAYS = `FROM pg_stat_activity WHERE application_name = 'opstage-ce-changes' AND datname = current_database()`;

/** How many rows the statement returns. */
const rowsOf = async ({ config }: TestDatabase, sql: string): Promise<number> => {
  const client = new Client({ connectionString: config.url });
  await client.connect();
  const { rowCount } = await client.query(sql);
  await client.end();
  return rowCount ?? 0;
};

/** Ends the connections that carry changes between replicas; returns how many there were. */
export const cutRelays = (database: TestDatabase): Promise<number> =>
  rowsOf(database, `SELECT pg_terminate_backend(pid) ${RELAYS}`);

/** How many connections carry changes between replicas. */
export const countRelays = (database: TestDatabase): Promise<number> => rowsOf(database, `SELECT pid ${RELAYS}`);
