import { statSync } from 'node:fs';
import BetterSqlite3 from 'better-sqlite3';
import { errorCodeOf } from '../../common/errors.js';
import { DatabaseOpenError } from '../errors.js';
import { type FoundSchema, MIGRATIONS_TABLE } from '../migrations/schema-state.js';
import { BUSY_TIMEOUT_MS } from './sqlite-connection.js';

const LOGS = ['-wal', '-journal'] as const;

const sizeOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0;

/**
 * Reads which tables and migrations a SQLite file has; null for a missing file. Neither the file nor the folder is changed,
 * whoever it belongs to.
 * @throws DatabaseOpenError for a file that cannot be read, or is no database
 */
export const readSqliteSchema = (file: string): FoundSchema | null => {
  try {
    if (!statSync(file, { throwIfNoEntry: false })) return null;
    // A read-only connection leaves the side files of the log behind. A writable one removes them, but merges a log that is
    // already there into the file.
    const hasLog = LOGS.some((side) => sizeOf(file + side) > 0);
    return hasLog ? readWithLog(file) : read(file, false);
  } catch (error) {
    throw unreadable(file, error);
  }
};

/** Reads without merging the log. Only what a crash left half done in the file itself has to be undone first. */
const readWithLog = (file: string): FoundSchema => {
  try {
    return read(file, true);
  } catch (error) {
    if (!errorCodeOf(error)?.startsWith('SQLITE_READONLY')) throw error;
    return read(file, false);
  }
};

const read = (file: string, readonly: boolean): FoundSchema => {
  const db = new BetterSqlite3(file, { readonly, fileMustExist: true, timeout: BUSY_TIMEOUT_MS });
  try {
    return find(db);
  } finally {
    db.close();
  }
};

const find = (db: BetterSqlite3.Database): FoundSchema => {
  const names = (sql: string): string[] => db.prepare<[], string>(sql).pluck().all();
  const tables = names("SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%'");
  const isRecord = names(`SELECT name FROM pragma_table_info('${MIGRATIONS_TABLE}')`).includes('name');
  return { tables, recorded: isRecord ? names(`SELECT name FROM ${MIGRATIONS_TABLE}`) : [] };
};

const unreadable = (file: string, error: unknown): DatabaseOpenError => {
  const { message } = error as Error;
  const isOther = errorCodeOf(error) === 'SQLITE_NOTADB';
  return isOther
    ? new DatabaseOpenError(
        'NOT_OURS',
        `${file} is not an SQLite database. Nothing was changed; set OPSTAGE_DATA_DIR or DATABASE_URL to the right place.`,
        { cause: error },
      )
    : new DatabaseOpenError(
        'UNUSABLE',
        `The database ${file} cannot be opened: ${message}. Check that it is a file that this user can read and write.`,
        { cause: error },
      );
};
