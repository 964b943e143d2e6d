import { chmodSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import Sqlite from 'better-sqlite3';

interface Task {
  readonly from: string;
  readonly to: string;
}

const PAGES_PER_SLICE = 4096;

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

const copyDatabase = async ({ from, to }: Task): Promise<void> => {
  const { timeout } = workerData as { readonly timeout: number };
  const db = new Sqlite(from, { readonly: true, timeout });
  try {
    // An open read transaction pins one snapshot: without it every commit meanwhile would start the copy again.
    db.exec('BEGIN');
    db.prepare('SELECT COUNT(*) FROM sqlite_master').get();
    await db.backup(to, { progress: () => PAGES_PER_SLICE });
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
