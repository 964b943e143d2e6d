import { chmodSync, closeSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { DataSource, type MixedList } from 'typeorm';
import { ensurePrivateFolder } from '../../config/secret-file.js';
import { migrations } from '../migrations/index.js';

/** How long a statement waits for another process that writes. */
export const BUSY_TIMEOUT_MS = 5_000;

/** Checkpoints after 16 MB of log instead of 4: the same pages change again and again. */
export const AUTO_CHECKPOINT_PAGES = 4_000;

const SYNCHRONOUS_FULL = 2;

/** The entity classes of a data source. */
export type Entities = MixedList<new () => object>;

/** Configures the durability and speed of a connection before it is used. */
export const preparePragmas = (db: BetterSqlite3.Database, readonly: boolean): void => {
  // These belong to the file; a read-only connection finds them set.
  if (!readonly) {
    // Takes effect in a file that is still empty; any other is rearranged when a server starts.
    db.pragma('auto_vacuum = INCREMENTAL');
    db.pragma('journal_mode = WAL');
    // Erased content, such as a sealed secret, is overwritten wherever its page is written anyway.
    db.pragma('secure_delete = FAST');
  }
  db.pragma('synchronous = FULL');
  db.pragma('foreign_keys = ON');
  db.pragma(`busy_timeout = ${BUSY_TIMEOUT_MS}`);
  db.pragma('cache_size = -32000');
  db.pragma(`wal_autocheckpoint = ${AUTO_CHECKPOINT_PAGES}`);
  db.pragma('temp_store = MEMORY');
};

/** @throws Error when a connection could lose what it acknowledged: no start is better than that */
export const assertPragmas = (db: BetterSqlite3.Database): void => {
  const expected = {
    journal_mode: 'wal',
    synchronous: SYNCHRONOUS_FULL,
    foreign_keys: 1,
    busy_timeout: BUSY_TIMEOUT_MS,
  };
  for (const [name, value] of Object.entries(expected)) {
    const actual: unknown = db.pragma(name, { simple: true });
    if (actual !== value) throw new Error(`SQLite runs with ${name} = ${String(actual)}, not ${value}.`);
  }
};

/** SQLite's own `LOWER` knows only ASCII; a search for `élodie` must find `Élodie`. */
const lower = (value: unknown): unknown => (typeof value === 'string' ? value.toLowerCase() : value);

/** The connection that TypeORM uses. */
export const rawConnection = (source: DataSource): BetterSqlite3.Database =>
  (source.driver as unknown as { databaseConnection: BetterSqlite3.Database }).databaseConnection;

/** Opens the file for writing, with the entities and migrations; the caller closes it. */
export const openSqliteWriter = async (file: string, entities: Entities): Promise<DataSource> => {
  ensurePrivateFolder(dirname(file));
  // SQLite gives the files beside the database the database's own mode, so that must be right before they exist.
  closeSync(openSync(file, 'a', 0o600));
  chmodSync(file, 0o600);
  const source = new DataSource({
    type: 'better-sqlite3',
    // Otherwise TypeORM loads it by name, from where TypeORM lies: a release has no such place.
    driver: BetterSqlite3,
    database: file,
    entities,
    migrations,
    migrationsTableName: 'schema_migrations',
    synchronize: false,
    logging: false,
    timeout: BUSY_TIMEOUT_MS,
    prepareDatabase: (db: BetterSqlite3.Database) => {
      prepareConnection(db, false);
    },
  });
  await source.initialize();
  try {
    assertPragmas(rawConnection(source));
    return source;
  } catch (error) {
    await source.destroy();
    throw error;
  }
};

/** Opens the file for reading; the caller closes it. */
export const openSqliteReader = (file: string): BetterSqlite3.Database => {
  const db = new BetterSqlite3(file, { readonly: true, timeout: BUSY_TIMEOUT_MS });
  try {
    prepareConnection(db, true);
    assertPragmas(db);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
};

const prepareConnection = (db: BetterSqlite3.Database, readonly: boolean): void => {
  preparePragmas(db, readonly);
  db.function('lower', { deterministic: true }, lower);
};
