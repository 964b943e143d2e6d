import BetterSqlite3 from 'better-sqlite3';
import { Client } from 'pg';
import type { TestDatabase } from './test-database.js';

type Value = string | number | null;
type Row = Readonly<Record<string, unknown>>;

/** Changes the database directly, as an attacker with access to it could. `?` stands for a value. */
export const tamper = async ({ config }: TestDatabase, sql: string, ...values: readonly Value[]): Promise<Row[]> =>
  config.kind === 'sqlite' ? onFile(config.file, sql, values) : onServer(config.url, sql, values);

const onFile = (file: string, sql: string, values: readonly Value[]): Row[] => {
  const db = new BetterSqlite3(file, { timeout: 5_000 });
  try {
    const statement = db.prepare<Value[], Row>(sql);
    if (statement.reader) return statement.all(...values);
    statement.run(...values);
    return [];
  } finally {
    db.close();
  }
};

const onServer = async (url: string, sql: string, values: readonly Value[]): Promise<Row[]> => {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    let index = 0;
    const { rows } = await client.query<Row>(
      sql.replaceAll('?', () => `$${(index += 1)}`),
      [...values],
    );
    return rows;
  } finally {
    await client.end();
  }
};
