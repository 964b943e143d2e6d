import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { Client } from 'pg';
import type { DatabaseKind } from '#contracts';
import type { DatabaseConfig } from '../../src/config/app-config.js';

export interface TestDatabase {
  readonly config: DatabaseConfig;
  drop(): Promise<void>;
}

const adminUrl = (): string => {
  const url = process.env.OPSTAGE_TEST_POSTGRES_URL;
  if (!url) throw new Error('The global setup of the tests did not start PostgreSQL.');
  return url;
};

const runAsAdmin = async (sql: string): Promise<void> => {
  const client = new Client({ connectionString: adminUrl() });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
};

/** An empty database of its own: a file in `folder`, or a database of the tests' PostgreSQL. */
export const createTestDatabase = async (kind: DatabaseKind, folder: string): Promise<TestDatabase> => {
  if (kind === 'sqlite') {
    return { config: { kind, file: join(folder, 'opstage.db'), url: '' }, drop: () => Promise.resolve() };
  }
  const name = `opstage_${randomUUID().replaceAll('-', '')}`;
  await runAsAdmin(`CREATE DATABASE ${name}`);
  const url = new URL(adminUrl());
  url.pathname = name;
  return {
    config: { kind, file: '', url: url.toString() },
    drop: () => runAsAdmin(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  };
};

/** What the suite runs on: `OPSTAGE_TEST_DATABASE=postgres`, else SQLite. */
export const testDatabaseKind = (): DatabaseKind =>
  process.env.OPSTAGE_TEST_DATABASE === 'postgres' ? 'postgres' : 'sqlite';
