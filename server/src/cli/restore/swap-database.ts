import { existsSync, renameSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import BetterSqlite3 from 'better-sqlite3';
import { errorCodeOf } from '../../common/errors.js';
import { isSqliteFile } from '../../database/sqlite/inspect-copy.js';
import { UserError } from '../terminal.js';

const SIDE_FILES = ['-wal', '-shm', '-journal'] as const;
const IN_USE = 'A server runs on this database. Stop it first.';

/**
 * Makes the database one file, with all that its write-ahead log holds: SQLite does that only when nobody else has it
 * open. @throws PlainError when somebody has
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

const answers = (host: string, port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 1_000 });
    const say = (isThere: boolean) => () => {
      socket.destroy();
      resolve(isThere);
    };
    socket.once('connect', say(true)).once('error', say(false)).once('timeout', say(false));
  });

/** What is at stake, and where its server would listen. */
export interface Place {
  readonly file: string;
  readonly host: string;
  readonly port: number;
}

/** Whether SQLite could open it. It does not try what is no database at all: of that it would delete the log. */
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

/** @throws PlainError when a server runs on the database */
const settle = async ({ file, host, port }: Place): Promise<void> => {
  // Locks of one that is damaged cannot be asked for; the port is the next best thing.
  if (!(await couldClose(file)) && (await answers(host, port))) throw new UserError(IN_USE);
};

/**
 * Puts `draft` where the database is, which is kept under `replaced` with whatever side files it has. Returns whether
 * there was one. @throws PlainError when a server runs on it, and then nothing is changed
 */
export const swapDatabase = async (place: Place, draft: string, replaced: string): Promise<boolean> => {
  const { file } = place;
  const wasThere = existsSync(file);
  if (wasThere) {
    await settle(place);
    for (const side of ['', ...SIDE_FILES]) {
      if (existsSync(file + side)) renameSync(file + side, replaced + side);
    }
  }
  // Of a database that is gone; SQLite would work them into the new one.
  for (const side of SIDE_FILES) rmSync(file + side, { force: true });
  renameSync(draft, file);
  return wasThere;
};
