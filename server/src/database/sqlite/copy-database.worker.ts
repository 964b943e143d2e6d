import { chmodSync, closeSync, fdatasyncSync, openSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import Sqlite from 'better-sqlite3';

interface Task {
  readonly from: string;
  readonly to: string;
}

/** Of 4 KB each. */
const PAGES_PER_SLICE = 512;

/** Lets a copy be read without the side files of the write-ahead log, where nothing may be written too. */
const makeSelfContained = (file: string): void => {
  chmodSync(file, 0o600);
  const copy = new Sqlite(file);
  try {
    copy.pragma('journal_mode = DELETE');
  } finally {
    copy.close();
  }
};

/**
 * Copies slice by slice, and has each written down before the next: where it all waits to be written at the end, every
 * commit of the serving thread meanwhile waits for all of it, as file systems with a journal have it.
 */
const copySlices = async (db: Sqlite.Database, to: string): Promise<void> => {
  const copy: { file?: number } = {};
  try {
    await db.backup(to, {
      progress: () => {
        // Kept open until SQLite is done with the file: to close it would also give up SQLite's locks on it.
        copy.file ??= openSync(to, 'r+');
        fdatasyncSync(copy.file);
        return PAGES_PER_SLICE;
      },
    });
  } finally {
    if (copy.file !== undefined) closeSync(copy.file);
  }
};

const copyDatabase = async ({ from, to }: Task): Promise<void> => {
  const { timeout } = workerData as { readonly timeout: number };
  const db = new Sqlite(from, { readonly: true, timeout });
  try {
    // An open read transaction pins one snapshot: without it every commit meanwhile would start the copy again.
    db.exec('BEGIN');
    db.prepare('SELECT COUNT(*) FROM sqlite_master').get();
    await copySlices(db, to);
    makeSelfContained(to);
  } finally {
    db.close();
  }
};

// A thread of its own: what the system takes to write a large file down, nobody else waits for.
parentPort?.on('message', (task: Task) => {
  copyDatabase(task).then(
    () => parentPort?.postMessage({}),
    (error: unknown) => {
      const { message, code } = error as Error & { readonly code?: string };
      parentPort?.postMessage({ error: { message, code } });
    },
  );
});
