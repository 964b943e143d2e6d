import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { Client } from 'pg';
import type { DatabaseKind } from '#contracts';
import type { DatabaseConfig } from '../../src/config/app-config.js';

export interface TestDatabase {
  /** The PostgreSQL database name; empty for SQLite. */
  readonly name: string;
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

/**
 * Creates a database: a file in `folder`, or a database of the tests' PostgreSQL that is empty or a copy of the one
 * named `template`.
 */
export const createTestDatabase = async (
  kind: DatabaseKind,
  folder: string,
  template = 'template1',
): Promise<TestDatabase> => {
  if (kind === 'sqlite') {
    return { name: '', config: { kind, file: join(folder, 'opstage.db'), url: '' }, drop: () => Promise.resolve() };
  }
  const name = `opstage_${randomUUID().replaceAll('-', '')}`;
  await runAsAdmin(`CREATE DATABASE ${name} TEMPLATE ${template}`);
  const url = new URL(adminUrl());
  url.pathname = name;
  return {
    name,
    config: { kind, file: '', url: url.toString() },
    drop: () => runAsAdmin(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  };
};

/** The database that the suite runs on: PostgreSQL with `OPSTAGE_TEST_DATABASE=postgres`, otherwise SQLite. */
export const testDatabaseKind = (): DatabaseKind =>
  process.env.OPSTAGE_TEST_DATABASE === 'postgres' ? 'postgres' : 'sqlite';
