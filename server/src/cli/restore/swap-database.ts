import { existsSync, renameSync, rmSync } from 'node:fs';
import BetterSqlite3 from 'better-sqlite3';
import { errorCodeOf } from '../../common/errors.js';
import { isSqliteFile } from '../../database/sqlite/inspect-copy.js';
import { UserError } from '../terminal.js';

const SIDE_FILES = ['-wal', '-shm', '-journal'] as const;
export const IN_USE = 'A server is running on this database. Stop it first.';

/**
 * Makes the database one file that holds its write-ahead log too, which SQLite does only when no other process has it
 * open. @throws UserError when one has
 */
const closeWriteAheadLog = (file: string): void => {
  const db = new BetterSqlite3(file, { timeout: 0 });
  try {
    db.pragma('journal_mode = DELETE');
  } catch (error) {
    if (errorCodeOf(error) === 'SQLITE_BUSY') throw new UserError(IN_USE);
    throw error;
  } finally {
    db.close();
  }
};

const isDamage = (error: unknown): boolean => /^SQLITE_(?:NOTADB|CORRUPT)/.test(errorCodeOf(error) ?? '');

/** Folds the log in where SQLite can. It must not try a file that is no database: it would delete the log of that. */
const settle = async (file: string): Promise<void> => {
  if (!(await isSqliteFile(file))) return;
  try {
    closeWriteAheadLog(file);
  } catch (error) {
    if (!isDamage(error)) throw error;
  }
};

/**
 * Puts `draft` where the database is, and keeps that under `replaced` with its side files. Returns whether there was one.
 * Call it under the lock of the database, which a running server holds.
 * @throws UserError when another process has the database open, and then nothing is changed
 */
export const swapDatabase = async (file: string, draft: string, replaced: string): Promise<boolean> => {
  const wasThere = existsSync(file);
  if (wasThere) {
    await settle(file);
    for (const side of ['', ...SIDE_FILES]) {
      if (existsSync(file + side)) renameSync(file + side, replaced + side);
    }
  }
  // Left by a database that is gone: SQLite would replay them into the new one.
  for (const side of SIDE_FILES) rmSync(file + side, { force: true });
  renameSync(draft, file);
  return wasThere;
};
