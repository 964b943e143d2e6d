import { chmodSync, closeSync, fdatasyncSync, openSync } from 'node:fs';
import { workerData } from 'node:worker_threads';
import Sqlite from 'better-sqlite3';

const PAGE_BYTES = 4_096;
const SLICE_BYTES = 2 * 1024 ** 2;
const PAGES_PER_SLICE = SLICE_BYTES / PAGE_BYTES;

const { file, busyTimeoutMs } = workerData as SqliteWorkerData;

/** What the thread is started with. */
export interface SqliteWorkerData {
  readonly file: string;
  readonly busyTimeoutMs: number;
}

/** An error loses its code on the way between threads, so it travels as a plain object. */
export interface WorkerFailure {
  readonly error: { readonly message: string; readonly code?: string };
}

interface Query {
  readonly sql: string;
  readonly values: readonly unknown[];
}

let connection: Sqlite.Database | null = null;

/** Returns the rows that a statement finds in what is committed. */
export const query = ({ sql, values }: Query): { readonly rows: readonly unknown[] } | WorkerFailure => {
  try {
    connection ??= openDatabase();
    return { rows: connection.prepare(sql).all(...values) };
  } catch (error) {
    return toFailure(error);
  }
};

/** Makes a copy readable without the side files of the write-ahead log, and so from a folder without write access too. */
const makeSelfContained = (copy: string): void => {
  chmodSync(copy, 0o600);
  const db = new Sqlite(copy);
  try {
    db.pragma('journal_mode = DELETE');
  } finally {
    db.close();
  }
};

/**
 * Copies slice by slice and syncs each before the next. With a single sync at the end, a journaling file system would make
 * every commit of the serving thread wait for the whole copy.
 */
const copySlices = async (db: Sqlite.Database, to: string): Promise<void> => {
  const copied: { descriptor?: number } = {};
  try {
    await db.backup(to, {
      progress: () => {
        // Stays open until SQLite is done with the file: closing it would also drop SQLite's locks on it.
        copied.descriptor ??= openSync(to, 'r+');
        fdatasyncSync(copied.descriptor);
        return PAGES_PER_SLICE;
      },
    });
  } finally {
    if (copied.descriptor !== undefined) closeSync(copied.descriptor);
  }
};

const copyDatabase = async (to: string): Promise<void> => {
  const db = openDatabase();
  try {
    // An open read transaction pins one snapshot: without it every commit would start the copy again.
    db.exec('BEGIN');
    db.prepare('SELECT COUNT(*) FROM sqlite_master').get();
    await copySlices(db, to);
    makeSelfContained(to);
  } finally {
    db.close();
  }
};

/** Writes a consistent copy of the database to the file `to`; the copy needs no side files. */
export const copy = async ({ to }: { readonly to: string }): Promise<object | WorkerFailure> => {
  try {
    await copyDatabase(to);
    return {};
  } catch (error) {
    return toFailure(error);
  }
};

const openDatabase = (): Sqlite.Database => {
  const db = new Sqlite(file, { readonly: true, timeout: busyTimeoutMs });
  // As on the connections of the serving thread.
  db.function('lower', { deterministic: true }, (value: unknown) =>
    typeof value === 'string' ? value.toLowerCase() : value,
  );
  return db;
};

const toFailure = (error: unknown): WorkerFailure => {
  const { message, code } = error as Error & { readonly code?: string };
  return { error: { message, code } };
};
