import { dirname, join } from 'node:path';
import { Logger } from '@nestjs/common';
import type { DataSource, MixedList } from 'typeorm';
import type { AppConfig } from '../config/app-config.js';
import { ensurePrivateFolder } from '../config/secret-file.js';
import { withPostgresMigrationLock, withDatabaseLock } from './database-lock.js';
import type { Database } from './database.js';
import { openPostgres, PostgresDatabase } from './postgres/postgres-database.js';
import { enableIncrementalVacuum } from './sqlite/free-space.js';
import { openSqliteWriter } from './sqlite/sqlite-connection.js';
import { SqliteDatabase } from './sqlite/sqlite-database.js';

type Entities = MixedList<new () => object>;
type StorageConfig = Pick<AppConfig, 'database' | 'backupDir'>;

const logger = new Logger('Database');

const fileTime = (date: Date): string => date.toISOString().replace(/[:.]/g, '-');

/** Opens the configured database with its schema brought up to date: under a lock, and after a copy if it had data. */
export const openDatabase = (config: StorageConfig, entities: Entities): Promise<Database> =>
  config.database.kind === 'sqlite' ? openSqlite(config, entities) : openPostgresDatabase(config, entities);

const openSqlite = async (config: StorageConfig, entities: Entities): Promise<Database> => {
  const { file } = config.database;
  ensurePrivateFolder(dirname(file));
  await withDatabaseLock(file, async () => {
    const source = await openSqliteWriter(file, entities);
    try {
      if (await isOutdated(source)) await backUpBeforeMigration(config, entities);
      await migrate(source);
    } finally {
      await source.destroy();
    }
    enableIncrementalVacuum(file, logger);
  });
  return SqliteDatabase.open(file, entities);
};

const openPostgresDatabase = async (config: StorageConfig, entities: Entities): Promise<Database> => {
  const source = await openPostgres(config.database.url, entities);
  try {
    await withPostgresMigrationLock(source, () => migrate(source));
  } catch (error) {
    await source.destroy();
    throw error;
  }
  return new PostgresDatabase(source);
};

const migrate = async (source: DataSource): Promise<void> => {
  const done = await source.runMigrations({ transaction: 'all' });
  for (const { name } of done) logger.log(`Schema brought up to ${name}.`);
};

/** Whether there is a schema, but not the newest: only then is there something to lose. */
const isOutdated = async (source: DataSource): Promise<boolean> => {
  const tables: unknown[] = await source.query("SELECT 1 FROM sqlite_master WHERE name = 'schema_migrations'");
  return tables.length > 0 && (await source.showMigrations());
};

const backUpBeforeMigration = async (config: StorageConfig, entities: Entities): Promise<void> => {
  ensurePrivateFolder(config.backupDir);
  const copy = join(config.backupDir, `before-migration-${fileTime(new Date())}.db`);
  const database = await SqliteDatabase.open(config.database.file, entities);
  try {
    await database.copyTo(copy);
  } finally {
    await database.close();
  }
  logger.log(`The database was copied to ${copy} before its schema changes.`);
};
