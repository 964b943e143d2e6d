import { chmodSync, closeSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { DataSource, type MixedList } from 'typeorm';
import { ensurePrivateFolder } from '../../config/secret-file.js';
import { migrations } from '../migrations/index.js';

/** How long a statement waits for another process that writes. */
export const BUSY_TIMEOUT_MS = 5_000;

const SYNCHRONOUS_FULL = 2;

/** Sets what the durability of a connection rests on, before TypeORM uses it. */
export const preparePragmas = (db: BetterSqlite3.Database, readonly: boolean): void => {
  // Of a file that is still empty: this comes before its first page. Another is rearranged at the start of the server.
  if (!readonly) db.pragma('auto_vacuum = INCREMENTAL');
  // The journal mode belongs to the file; a read-only connection finds it set.
  if (!readonly) {
    db.pragma('journal_mode = WAL');
    // What is erased, a sealed secret for one, is overwritten wherever its page is written anyway.
    db.pragma('secure_delete = FAST');
  }
  db.pragma('synchronous = FULL');
  db.pragma('foreign_keys = ON');
  db.pragma(`busy_timeout = ${BUSY_TIMEOUT_MS}`);
  db.pragma('cache_size = -32000');
  // 16 MB of log before it is worked into the file, instead of 4: the same pages change again and again.
  db.pragma('wal_autocheckpoint = 4000');
  db.pragma('temp_store = MEMORY');
};

/** @throws Error when a connection would not keep what it acknowledges: better no start than a lossy one */
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

export type Entities = MixedList<new () => object>;

/** SQLite's own `LOWER` knows ASCII only; a search must find `Élodie` by `élodie`. */
const lower = (value: unknown): unknown => (typeof value === 'string' ? value.toLowerCase() : value);

export const rawConnection = (source: DataSource): BetterSqlite3.Database =>
  (source.driver as unknown as { databaseConnection: BetterSqlite3.Database }).databaseConnection;

export const newSource = (file: string, entities: Entities, readonly: boolean): DataSource =>
  new DataSource({
    type: 'better-sqlite3',
    database: file,
    entities,
    migrations,
    migrationsTableName: 'schema_migrations',
    synchronize: false,
    logging: false,
    readonly,
    timeout: BUSY_TIMEOUT_MS,
    statementCacheSize: 500,
    prepareDatabase: (db: BetterSqlite3.Database) => {
      preparePragmas(db, readonly);
      db.function('lower', { deterministic: true }, lower);
    },
  });

/** Opens the file for writing, as migrations need it; the caller closes it. */
export const openSqliteWriter = async (file: string, entities: Entities): Promise<DataSource> => {
  ensurePrivateFolder(dirname(file));
  // SQLite gives the files it puts beside the database the database's own mode: so that is right from the beginning.
  closeSync(openSync(file, 'a', 0o600));
  chmodSync(file, 0o600);
  const source = await newSource(file, entities, false).initialize();
  assertPragmas(rawConnection(source));
  return source;
};
