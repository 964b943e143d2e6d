import { existsSync, renameSync, rmSync } from 'node:fs';
import BetterSqlite3 from 'better-sqlite3';
import { errorCodeOf } from '../../common/errors.js';
import { isSqliteFile } from '../../database/sqlite/inspect-copy.js';
import { UserError } from '../terminal.js';

const SIDE_FILES = ['-wal', '-shm', '-journal'] as const;
export const IN_USE = 'A server is running on this database. Stop it first.';

/**
 * Merges the write-ahead log into the database file, which SQLite does only if no other process has it open.
 * @throws UserError if one has
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

/** Merges the log if this is a SQLite file; SQLite would delete the log of any other file. */
const mergeLog = async (file: string): Promise<void> => {
  if (!(await isSqliteFile(file))) return;
  try {
    closeWriteAheadLog(file);
  } catch (error) {
    if (!isDamage(error)) throw error;
  }
};

/**
 * Moves `draft` to the place of the database, which is kept as `replaced` with its side files. Returns whether there was
 * one. The caller must hold the lock of the database, which a running server also holds.
 * @throws UserError if another process has the database open; nothing is changed then
 */
export const swapDatabase = async (file: string, draft: string, replaced: string): Promise<boolean> => {
  const wasThere = existsSync(file);
  if (wasThere) {
    await mergeLog(file);
    for (const side of ['', ...SIDE_FILES]) {
      if (existsSync(file + side)) renameSync(file + side, replaced + side);
    }
  }
  // SQLite would merge the log of a missing database into the new one.
  for (const side of SIDE_FILES) rmSync(file + side, { force: true });
  renameSync(draft, file);
  return wasThere;
};
