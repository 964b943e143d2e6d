import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DataSource } from 'typeorm';
import type { DatabaseKind } from '#contracts';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.js';
import { entities } from '../../entities.js';
import { openDatabase } from '../open-database.js';
import { openPostgres } from '../postgres/postgres-database.js';
import { openSqliteWriter } from '../sqlite/sqlite-connection.js';
import { migrations } from './index.js';

/** The catalogue of each database. */
const CATALOGUE = {
  sqlite: {
    tables: `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`,
    named: `SELECT name FROM sqlite_master WHERE type = 'index' AND name NOT LIKE 'sqlite_autoindex%'`,
  },
  postgres: {
    tables: `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'`,
    named: `SELECT indexname AS name FROM pg_indexes WHERE schemaname = 'public' AND tablename <> 'schema_migrations'
      UNION SELECT conname FROM pg_constraint
        WHERE connamespace = 'public'::regnamespace AND contype IN ('p', 'u', 'f')
          AND conrelid <> 'schema_migrations'::regclass`,
  },
} as const;

describe.each<DatabaseKind>(['sqlite', 'postgres'])('migrations on %s', (kind) => {
  let folder: string;
  let store: TestDatabase;
  let source: DataSource;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'opstage-migrations-'));
    store = await createTestDatabase(kind, folder);
    const { file, url } = store.config;
    source = await (kind === 'sqlite' ? openSqliteWriter(file, entities) : openPostgres(url, entities));
  });

  afterEach(async () => {
    await source.destroy();
    await store.drop();
    rmSync(folder, { recursive: true });
  });

  const differences = async (): Promise<string[]> =>
    (await source.driver.createSchemaBuilder().log()).upQueries.map(({ query }) => query);

  const namesOf = async (what: 'tables' | 'named'): Promise<string[]> => {
    const rows: { name: string }[] = await source.query(CATALOGUE[kind][what]);
    return rows.map(({ name }) => name).filter((name) => name !== 'schema_migrations');
  };

  it('create exactly the schema that the entities describe', async () => {
    expect(await differences()).not.toEqual([]);
    await source.runMigrations({ transaction: 'all' });
    const described = source.entityMetadatas.map(({ tableName }) => tableName);
    expect((await namesOf('tables')).sort()).toEqual(described.sort());
    expect(await differences()).toEqual([]);
  });

  it('can be reverted and run again', async () => {
    await source.runMigrations({ transaction: 'all' });
    for (const migration of migrations) {
      expect(migration.name).toMatch(/^[A-Z]\w+\d{13}$/);
      await source.undoLastMigration({ transaction: 'all' });
    }
    expect(await namesOf('tables')).toEqual([]);
    await source.runMigrations({ transaction: 'all' });
    expect(await differences()).toEqual([]);
  });

  it('name every index and constraint after its table and columns', async () => {
    await source.runMigrations({ transaction: 'all' });
    const names = await namesOf('named');
    expect(names.length).toBeGreaterThan(15);
    for (const name of names) expect(name).toMatch(/^(?:pk|uq|ix|fk)_[a-z]+(?:_[a-z]+)*$/);
  });

  it('run once when several servers start at the same time, and every server starts', async () => {
    const config = { database: store.config, backupDir: join(folder, 'backups') };
    const opened = await Promise.all([1, 2, 3].map(() => openDatabase(config, entities)));
    const rows: unknown[] = await source.query('SELECT name FROM schema_migrations ORDER BY timestamp');
    expect(rows).toEqual(migrations.map(({ name }) => ({ name })));
    for (const database of opened) {
      expect(await database.ping()).toBeGreaterThanOrEqual(0);
      await database.close();
    }
  });
});
