import { statfsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { Logger } from '@nestjs/common';
import BetterSqlite3 from 'better-sqlite3';

const INCREMENTAL = 2;
/** Pages moved and cut off in one transaction: half a megabyte or a page more, some milliseconds. */
const PAGES_PER_SLICE = 128;
/** Free pages below this share of the file, and below a megabyte, are left for the rows that come next. */
const KEPT_SHARE = 0.05;
const KEPT_PAGES = 256;
/** Rearranging a file takes a copy of it, and the log of writing that back. */
const ROOM_FACTOR = 2.2;

/** Somebody else has it open in earnest: the next start is as good. */
const PATIENCE_MS = 1_000;

const numberOf = (db: BetterSqlite3.Database, pragma: string): number => Number(db.pragma(pragma, { simple: true }));

/** Whether more is free in the file than the next rows need. */
export const hasReclaimableSpace = (db: BetterSqlite3.Database): boolean =>
  numberOf(db, 'auto_vacuum') === INCREMENTAL &&
  numberOf(db, 'freelist_count') > Math.max(KEPT_PAGES, numberOf(db, 'page_count') * KEPT_SHARE);

/** Cuts a slice of free pages off the end of the file, within the transaction that is open; returns how many bytes. */
export const vacuumSlice = (db: BetterSqlite3.Database): number => {
  const before = numberOf(db, 'page_count');
  db.pragma(`incremental_vacuum(${PAGES_PER_SLICE})`);
  return (before - numberOf(db, 'page_count')) * numberOf(db, 'page_size');
};

/** Works the log into the file, as far as nobody reads what is older; then the file is as small as its pages say. */
export const checkpoint = (file: string): void => {
  // A connection of its own: the writer's is refused this while one of its transactions is open.
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
 * Rearranges a database that was made without it so that it can give space back; once, before anybody uses it. One that
 * has no room for it stays as it is: only its size suffers.
 */
export const enableIncrementalVacuum = (file: string, logger: Logger): void => {
  // A connection of its own: the writer's keeps temporary files in memory, and this takes one as large as the database.
  const db = new BetterSqlite3(file, { timeout: PATIENCE_MS });
  try {
    if (numberOf(db, 'auto_vacuum') === INCREMENTAL) return;
    if (!hasRoom(file)) {
      logger.warn(
        'There is no room to rearrange the database so that it gives space back; the next start tries again.',
      );
      return;
    }
    logger.log('The database is rearranged so that it can give space back. This is done once.');
    db.pragma('auto_vacuum = INCREMENTAL');
    db.exec('VACUUM');
    db.pragma('wal_checkpoint(TRUNCATE)');
  } catch (error) {
    logger.warn(error, 'The database could not be rearranged so that it gives space back; the next start tries again.');
  } finally {
    db.close();
  }
};
