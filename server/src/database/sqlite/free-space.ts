import { statfsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { Logger } from '@nestjs/common';
import BetterSqlite3 from 'better-sqlite3';

const INCREMENTAL = 2;
/** Pages moved and cut off in one transaction: about half a megabyte, some milliseconds. */
const PAGES_PER_SLICE = 128;
/** Free pages below this share of the file, or below a megabyte, are kept for the next rows. */
const KEPT_SHARE = 0.05;
const KEPT_PAGES = 256;
/** Rearranging a file needs room for a copy of it and for the log. */
const ROOM_FACTOR = 2.2;

/** When another process uses the file for longer, the next start tries again. */
const REARRANGE_TIMEOUT_MS = 1_000;

/** Whether the file has more free pages than the next rows need. */
export const hasReclaimableSpace = (db: BetterSqlite3.Database): boolean =>
  numberOf(db, 'auto_vacuum') === INCREMENTAL &&
  numberOf(db, 'freelist_count') > Math.max(KEPT_PAGES, numberOf(db, 'page_count') * KEPT_SHARE);

/** Cuts a slice of free pages off the end of the file, within the open transaction; returns its size in bytes. */
export const vacuumSlice = (db: BetterSqlite3.Database): number => {
  const before = numberOf(db, 'page_count');
  db.pragma(`incremental_vacuum(${PAGES_PER_SLICE})`);
  return (before - numberOf(db, 'page_count')) * numberOf(db, 'page_size');
};

/** Merges the log into the file as far as running reads allow; only then does the file itself shrink. */
export const checkpoint = (file: string): void => {
  // A connection of its own: the writer cannot checkpoint while one of its transactions is open.
  const db = new BetterSqlite3(file);
  try {
    db.pragma('wal_checkpoint(PASSIVE)');
  } finally {
    db.close();
  }
};

const hasRoom = (file: string): boolean => {
  const { bavail, bsize } = statfsSync(dirname(file));
  return bavail * bsize > statSync(file).size * ROOM_FACTOR;
};

/**
 * Rearranges a database that was made without incremental vacuum, once and before it is used, so that it can shrink. Without
 * room on the disk it stays as it is, and only does not shrink.
 */
export const enableIncrementalVacuum = (file: string, logger: Logger): void => {
  // A connection of its own: the writer keeps temporary files in memory, and this one is as large as the database.
  const db = new BetterSqlite3(file, { timeout: REARRANGE_TIMEOUT_MS });
  try {
    if (numberOf(db, 'auto_vacuum') === INCREMENTAL) return;
    if (!hasRoom(file)) {
      logger.warn('The disk has no room to rearrange the database so that it can shrink; the next start tries again.');
      return;
    }
    logger.log('Rearranging the database so that it can shrink. This is done once.');
    db.pragma('auto_vacuum = INCREMENTAL');
    db.exec('VACUUM');
    db.pragma('wal_checkpoint(TRUNCATE)');
  } catch (error) {
    logger.warn(error, 'The database could not be rearranged so that it can shrink; the next start tries again.');
  } finally {
    db.close();
  }
};

const numberOf = (db: BetterSqlite3.Database, pragma: string): number => Number(db.pragma(pragma, { simple: true }));
