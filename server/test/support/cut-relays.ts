import { Client } from 'pg';
import type { TestDatabase } from './test-database.js';

/** Ends the connections that carry changes between replicas; returns how many there were. */
export const cutRelays = async ({ config }: TestDatabase): Promise<number> => {
  const client = new Client({ connectionString: config.url });
  await client.connect();
  const { rowCount } = await client.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE application_name = 'opstage-ce-changes' AND datname = current_database()`,
  );
  await client.end();
  return rowCount ?? 0;
};
