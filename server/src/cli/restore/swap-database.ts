import { existsSync, renameSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import BetterSqlite3 from 'better-sqlite3';
import { errorCodeOf } from '../../common/errors.js';
import { isSqliteFile } from '../../database/sqlite/inspect-copy.js';
import { UserError } from '../terminal.js';

const SIDE_FILES = ['-wal', '-shm', '-journal'] as const;
const IN_USE = 'A server is running on this database. Stop it first.';

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

const isListening = (host: string, port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 1_000 });
    const end = (isThere: boolean) => () => {
      socket.destroy();
      resolve(isThere);
    };
    socket.once('connect', end(true)).once('error', end(false)).once('timeout', end(false));
  });

/** The database, and where its server would listen. */
export interface Place {
  readonly file: string;
  readonly host: string;
  readonly port: number;
}

/** Whether SQLite could open and close it. Any other file is not tried: SQLite would delete its log. */
const couldClose = async (file: string): Promise<boolean> => {
  if (!(await isSqliteFile(file))) return false;
  try {
    closeWriteAheadLog(file);
    return true;
  } catch (error) {
    if (isDamage(error)) return false;
    throw error;
  }
};

/** @throws UserError if a server is running on the database */
const assertUnused = async ({ file, host, port }: Place): Promise<void> => {
  // A damaged database cannot be locked; the server's port is the next best sign.
  if (!(await couldClose(file)) && (await isListening(host, port))) throw new UserError(IN_USE);
};

/**
 * Moves `draft` to the place of the database, which is kept as `replaced` with its side files. Returns whether there was
 * one. @throws UserError if a server is running on it; nothing is changed then
 */
export const swapDatabase = async (place: Place, draft: string, replaced: string): Promise<boolean> => {
  const { file } = place;
  const wasThere = existsSync(file);
  if (wasThere) {
    await assertUnused(place);
    for (const side of ['', ...SIDE_FILES]) {
      if (existsSync(file + side)) renameSync(file + side, replaced + side);
    }
  }
  // SQLite would merge the log of a database that is gone into the new one.
  for (const side of SIDE_FILES) rmSync(file + side, { force: true });
  renameSync(draft, file);
  return wasThere;
};
