import { setTimeout as delay } from 'node:timers/promises';
import BetterSqlite3 from 'better-sqlite3';
import type { DataSource } from 'typeorm';
import { errorCodeOf } from '../common/errors.js';
import { DatabaseOpenError } from './errors.js';
import { forgetLockHolder, lockHolderOf, noteLockHolder } from './lock-holder.js';

const RETRY_MS = 100;
/** Long enough for a command that migrates, or for a server that is shutting down. */
const MAX_WAIT_MS = 5_000;

/** Any number, the same in every release. */
const POSTGRES_LOCK_KEY = 714_702_117;

/** Held until it is released or the process dies. */
export interface DatabaseLock {
  release(): void;
}

/**
 * Takes the one lock of a SQLite database: a server holds it for its life, everything else while it changes the schema or
 * replaces the file. The lock is a transaction on a file beside the database, which the operating system ends when the
 * process dies: a crash leaves nothing to clean up.
 * @throws DatabaseOpenError when another process still holds it after `maxWaitMs`
 */
export const lockDatabase = async (file: string, maxWaitMs = MAX_WAIT_MS): Promise<DatabaseLock> => {
  const lock = new BetterSqlite3(`${file}.lock`, { timeout: 0 });
  try {
    await acquire(lock, file, maxWaitMs);
  } catch (error) {
    lock.close();
    throw error;
  }
  noteLockHolder(file);
  return {
    release: () => {
      // Before the lock is free: the note of the next holder must stay.
      if (lock.open) forgetLockHolder(file);
      lock.close();
    },
  };
};

/** Runs `work` under {@link lockDatabase}. */
export const withDatabaseLock = async <T>(file: string, work: () => Promise<T>, maxWaitMs?: number): Promise<T> => {
  const lock = await lockDatabase(file, maxWaitMs);
  try {
    return await work();
  } finally {
    lock.release();
  }
};

const acquire = async (lock: BetterSqlite3.Database, file: string, maxWaitMs: number): Promise<void> => {
  for (let waited = 0; ; waited += RETRY_MS) {
    try {
      lock.exec('BEGIN EXCLUSIVE');
      return;
    } catch (error) {
      if (errorCodeOf(error) !== 'SQLITE_BUSY') throw error;
      if (waited >= maxWaitMs) throw inUse(file);
    }
    await delay(RETRY_MS);
  }
};

const inUse = (file: string): DatabaseOpenError => {
  const holder = lockHolderOf(file);
  return new DatabaseOpenError(
    'DATABASE_IN_USE',
    `Another Opstage CE server uses the database ${file}. Stop it first${holder === null ? '' : ` (${holder})`}, or give this one a data directory of its own (OPSTAGE_DATA_DIR). Several servers on one database need PostgreSQL.`,
  );
};

/**
 * {@link withDatabaseLock} by an advisory lock, which PostgreSQL releases with its transaction, however that ends. `work` uses
 * other connections. A lock of the session would stay behind on a connection pooler's connection.
 */
export const withPostgresMigrationLock = <T>(source: DataSource, work: () => Promise<T>): Promise<T> =>
  source.transaction(async (holder) => {
    // A connection pooler may hand out a connection that serving requests has limited.
    await holder.query('SET LOCAL statement_timeout = 0');
    await holder.query('SET LOCAL idle_in_transaction_session_timeout = 0');
    await holder.query('SELECT pg_advisory_xact_lock($1)', [POSTGRES_LOCK_KEY]);
    return work();
  });
