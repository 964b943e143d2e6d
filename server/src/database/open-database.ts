import { dirname, join } from 'node:path';
import { Logger } from '@nestjs/common';
import type { DataSource, MixedList } from 'typeorm';
import { errorCodeOf } from '../common/errors.js';
import type { AppConfig } from '../config/app-config.js';
import { ensurePrivateFolder } from '../config/secret-file.js';
import { lockDatabase, withDatabaseLock, withPostgresMigrationLock } from './database-lock.js';
import type { Database } from './database.js';
import { DatabaseOpenError } from './errors.js';
import { refuseForeignObjects } from './foreign-objects.js';
import { noInstallation, requireCurrentSchema, type SchemaState, schemaStateOf } from './migrations/schema-state.js';
import { openLimitedPostgres, openPostgres, PostgresDatabase } from './postgres/postgres-database.js';
import { readPostgresSchema } from './postgres/read-schema.js';
import { enableIncrementalVacuum } from './sqlite/free-space.js';
import { readSqliteSchema } from './sqlite/read-schema.js';
import { openSqliteWriter } from './sqlite/sqlite-connection.js';
import { SqliteDatabase } from './sqlite/sqlite-database.js';

type Entities = MixedList<new () => object>;
type StorageConfig = Pick<AppConfig, 'database' | 'backupDir'>;

const POSTGRES_NAME = 'The database of DATABASE_URL';

const logger = new Logger('Database');

/**
 * Opens the configured database with its schema up to date: migrated under a lock, and after a copy if it had data. Other
 * processes may use it at the same time; a server on SQLite uses {@link openDatabaseForServer}.
 * @throws DatabaseOpenError when it is not ours, or cannot be opened or migrated
 */
export const openDatabase = async (config: StorageConfig, entities: Entities): Promise<Database> => {
  const { kind, file } = config.database;
  if (kind === 'postgres') return openPostgresDatabase(config, entities);
  if (sqliteStateOf(file) === 'current') return withoutForeignObjects(await SqliteDatabase.open(file, entities));
  ensurePrivateFolder(dirname(file));
  await withDatabaseLock(file, () => prepareSqlite(config, entities));
  return withoutForeignObjects(await SqliteDatabase.open(file, entities));
};

/**
 * {@link openDatabase}, and on SQLite no other server can open the file until this one is closed: what one server changes,
 * another on the same file would not notice.
 * @throws DatabaseOpenError also when another server has it open
 */
export const openDatabaseForServer = async (config: StorageConfig, entities: Entities): Promise<Database> => {
  const { kind, file } = config.database;
  if (kind === 'postgres') return openPostgresDatabase(config, entities);
  // Before the lock, which is a file beside a database that may be somebody else's.
  sqliteStateOf(file);
  ensurePrivateFolder(dirname(file));
  const lock = await lockDatabase(file);
  try {
    await prepareSqlite(config, entities);
    return await withoutForeignObjects(await SqliteDatabase.open(file, entities, lock));
  } catch (error) {
    lock.release();
    throw unusable(`The database ${file}`, error);
  }
};

/**
 * Opens the database of an installation for a command on its host: nothing is created and no schema is changed.
 * @throws DatabaseOpenError when there is none, or its schema is not the one of this version
 */
export const openExistingDatabase = async (config: StorageConfig, entities: Entities): Promise<Database> => {
  const { kind, file } = config.database;
  if (kind === 'sqlite') {
    requireCurrentSchema(file, existingStateOf(config));
    return SqliteDatabase.open(file, entities);
  }
  const source = await connectPostgres(config, entities);
  try {
    requireCurrentSchema(POSTGRES_NAME, schemaStateOf(POSTGRES_NAME, await readPostgresSchema(source)));
    return new PostgresDatabase(source);
  } catch (error) {
    await source.destroy();
    throw error;
  }
};

/** The database, which is closed again when it has objects that are not ours. */
const withoutForeignObjects = async (db: Database): Promise<Database> => {
  try {
    await refuseForeignObjects(db.kind, (text) => db.query(text));
    return db;
  } catch (error) {
    await db.close();
    throw error;
  }
};

/**
 * How far the schema of an existing SQLite database is.
 * @throws DatabaseOpenError when there is none, or it is not ours
 */
export const existingStateOf = ({ database: { file } }: StorageConfig): SchemaState => {
  const found = readSqliteSchema(file);
  if (!found) throw noInstallation(file);
  return schemaStateOf(file, found);
};

/** @throws DatabaseOpenError for a file that is not ours */
const sqliteStateOf = (file: string): SchemaState => {
  const found = readSqliteSchema(file);
  return found ? schemaStateOf(file, found) : 'empty';
};

/** What stops the database from being opened, as one line for the operator. */
const unusable = (name: string, error: unknown): unknown => {
  if (error instanceof DatabaseOpenError || errorCodeOf(error) === null) return error;
  const { message } = error as Error;
  return new DatabaseOpenError('UNUSABLE', `${name} cannot be used: ${message}.`, { cause: error });
};

const connectPostgres = async ({ database }: StorageConfig, entities: Entities): Promise<DataSource> => {
  try {
    return await openPostgres(database.url, entities);
  } catch (error) {
    // Errors of the driver itself have no code: a server without TLS, a connection that is cut or takes too long.
    const cause = error as Error;
    const reason = cause.message === '' ? (errorCodeOf(error) ?? 'no connection') : cause.message;
    throw new DatabaseOpenError(
      'UNUSABLE',
      `${POSTGRES_NAME} cannot be opened: ${reason}. Check that it runs, and DATABASE_URL.`,
      { cause },
    );
  }
};

const openPostgresDatabase = async (config: StorageConfig, entities: Entities): Promise<Database> => {
  // Without limits: a migration takes as long as it takes.
  const source = await connectPostgres(config, entities);
  try {
    await withPostgresMigrationLock(source, async () => {
      if (schemaStateOf(POSTGRES_NAME, await readPostgresSchema(source)) !== 'current') await migrate(source);
    });
  } catch (error) {
    throw unusable(POSTGRES_NAME, error);
  } finally {
    await source.destroy();
  }
  return withoutForeignObjects(new PostgresDatabase(await openLimitedPostgres(config.database.url, entities)));
};

/** Migrates the file under the lock that the caller holds. */
const prepareSqlite = async (config: StorageConfig, entities: Entities): Promise<void> => {
  const { file } = config.database;
  const state = sqliteStateOf(file);
  if (state === 'outdated') await backUpBeforeMigration(config, entities);
  if (state !== 'current') await migrateSqlite(file, entities);
  enableIncrementalVacuum(file, logger);
};

const migrateSqlite = async (file: string, entities: Entities): Promise<void> => {
  const source = await openSqliteWriter(file, entities);
  try {
    await migrate(source);
  } finally {
    await source.destroy();
  }
};

const migrate = async (source: DataSource): Promise<void> => {
  const done = await source.runMigrations({ transaction: 'all' });
  for (const { name } of done) logger.log(`The schema was migrated to ${name}.`);
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
