import { setTimeout as delay } from 'node:timers/promises';
import BetterSqlite3 from 'better-sqlite3';
import type { DataSource } from 'typeorm';
import { errorCodeOf } from '../common/errors.js';

const RETRY_MS = 100;
const MAX_WAIT_MS = 60_000;

/** Any number, the same in every release. */
const POSTGRES_LOCK_KEY = 714_702_117;

/**
 * Runs `work` while no other process does. The lock is a transaction on a SQLite file beside the database: the
 * operating system gives it back when a process dies, so a crash leaves nothing to clean up.
 */
export const withDatabaseLock = async <T>(file: string, work: () => Promise<T>): Promise<T> => {
  const lock = new BetterSqlite3(`${file}.lock`, { timeout: 0 });
  try {
    await acquire(lock);
    return await work();
  } finally {
    lock.close();
  }
};

const acquire = async (lock: BetterSqlite3.Database): Promise<void> => {
  for (let waited = 0; ; waited += RETRY_MS) {
    try {
      lock.exec('BEGIN EXCLUSIVE');
      return;
    } catch (error) {
      if (errorCodeOf(error) !== 'SQLITE_BUSY' || waited >= MAX_WAIT_MS) throw error;
    }
    await delay(RETRY_MS);
  }
};

/** {@link withDatabaseLock} by an advisory lock, which PostgreSQL gives back when the session ends. */
export const withPostgresMigrationLock = async <T>(source: DataSource, work: () => Promise<T>): Promise<T> => {
  const session = source.createQueryRunner();
  try {
    await session.query('SELECT pg_advisory_lock($1)', [POSTGRES_LOCK_KEY]);
    return await work();
  } finally {
    await session.query('SELECT pg_advisory_unlock($1)', [POSTGRES_LOCK_KEY]);
    await session.release();
  }
};
