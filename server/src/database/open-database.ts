import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Logger } from '@nestjs/common';
import BetterSqlite3 from 'better-sqlite3';
import type { DataSource, MixedList } from 'typeorm';
import type { AppConfig } from '../config/app-config.js';
import { ensurePrivateFolder } from '../config/secret-file.js';
import { lockDatabase, withDatabaseLock, withPostgresMigrationLock } from './database-lock.js';
import type { Database } from './database.js';
import { DatabaseOpenError } from './errors.js';
import { isUnfinishedPreview, pendingMigrations, UNFINISHED_PREVIEW } from './migrations/index.js';
import { openLimitedPostgres, openPostgres, PostgresDatabase } from './postgres/postgres-database.js';
import { enableIncrementalVacuum } from './sqlite/free-space.js';
import { openSqliteWriter } from './sqlite/sqlite-connection.js';
import { SqliteDatabase } from './sqlite/sqlite-database.js';

type Entities = MixedList<new () => object>;
type StorageConfig = Pick<AppConfig, 'database' | 'backupDir'>;

const logger = new Logger('Database');

/**
 * Opens the configured database with its schema up to date: migrated under a lock, and after a copy if it had data. Other
 * processes may use it at the same time; a server on SQLite uses {@link openDatabaseForServer}.
 * @throws DatabaseOpenError when it cannot be migrated
 */
export const openDatabase = async (config: StorageConfig, entities: Entities): Promise<Database> => {
  const { kind, file } = config.database;
  if (kind === 'postgres') return openPostgresDatabase(config, entities);
  ensurePrivateFolder(dirname(file));
  if (!isSchemaCurrent(file)) await withDatabaseLock(file, () => prepareSqlite(config, entities));
  return SqliteDatabase.open(file, entities);
};

/**
 * {@link openDatabase}, and on SQLite no other server can open the file until this one is closed: what one server changes,
 * another on the same file would not notice.
 * @throws DatabaseOpenError also when another server has it open
 */
export const openDatabaseForServer = async (config: StorageConfig, entities: Entities): Promise<Database> => {
  const { kind, file } = config.database;
  if (kind === 'postgres') return openPostgresDatabase(config, entities);
  ensurePrivateFolder(dirname(file));
  const lock = await lockDatabase(file);
  try {
    await prepareSqlite(config, entities);
    return await SqliteDatabase.open(file, entities, lock);
  } catch (error) {
    lock.release();
    throw error;
  }
};

const openPostgresDatabase = async (config: StorageConfig, entities: Entities): Promise<Database> => {
  const { url } = config.database;
  // Without limits: a migration takes as long as it takes.
  const source = await openPostgres(url, entities);
  try {
    await withPostgresMigrationLock(source, () => migrate(source));
  } finally {
    await source.destroy();
  }
  return new PostgresDatabase(await openLimitedPostgres(url, entities));
};

const isSchemaCurrent = (file: string): boolean => {
  if (!existsSync(file)) return false;
  const db = new BetterSqlite3(file, { readonly: true });
  try {
    const tables = db.prepare<[], string>("SELECT name FROM sqlite_master WHERE type = 'table'").pluck().all();
    if (!tables.includes('schema_migrations')) return false;
    const recorded = db.prepare<[], string>('SELECT name FROM schema_migrations').pluck().all();
    return pendingMigrations(recorded) === 0 && !isUnfinishedPreview(recorded, tables.includes('passkeys'));
  } finally {
    db.close();
  }
};

/** Migrates the file under the lock that the caller holds. */
const prepareSqlite = async (config: StorageConfig, entities: Entities): Promise<void> => {
  const { file } = config.database;
  const source = await openSqliteWriter(file, entities);
  try {
    if (await isOutdated(source)) await backUpBeforeMigration(config, entities);
    await migrate(source);
  } finally {
    await source.destroy();
  }
  enableIncrementalVacuum(file, logger);
};

const migrate = async (source: DataSource): Promise<void> => {
  await refuseUnfinishedPreview(source);
  const done = await source.runMigrations({ transaction: 'all' });
  for (const { name } of done) logger.log(`The schema was migrated to ${name}.`);
};

const refuseUnfinishedPreview = async (source: DataSource): Promise<void> => {
  const runner = source.createQueryRunner();
  try {
    if (!(await runner.hasTable('schema_migrations'))) return;
    const rows: readonly { readonly name: string }[] = await source.query('SELECT name FROM schema_migrations');
    const recorded = rows.map(({ name }) => name);
    if (!isUnfinishedPreview(recorded, await runner.hasTable('passkeys'))) return;
    throw new DatabaseOpenError('SCHEMA_INCOMPLETE', `The database cannot be used. ${UNFINISHED_PREVIEW}`);
  } finally {
    await runner.release();
  }
};

/** Whether there is a schema, but not the newest: only then can a migration lose anything. */
const isOutdated = async (source: DataSource): Promise<boolean> => {
  const tables: unknown[] = await source.query("SELECT 1 FROM sqlite_master WHERE name = 'schema_migrations'");
  return tables.length > 0 && (await source.showMigrations());
};

const backUpBeforeMigration = async (config: StorageConfig, entities: Entities): Promise<void> => {
  ensurePrivateFolder(config.backupDir);
  const time = new Date().toISOString().replace(/[:.]/g, '-');
  const copy = join(config.backupDir, `before-migration-${time}.db`);
  const database = await SqliteDatabase.open(config.database.file, entities);
  try {
    await database.copyTo(copy);
  } finally {
    await database.close();
  }
  logger.log(`The database was copied to ${copy} before its schema changes.`);
};
