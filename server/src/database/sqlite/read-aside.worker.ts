import { parentPort, workerData } from 'node:worker_threads';
import Sqlite from 'better-sqlite3';

interface Question {
  readonly sql: string;
  readonly values: readonly unknown[];
}

// A thread of its own with a connection of its own: however long a question takes, nobody else waits.
const { file, timeout } = workerData as { readonly file: string; readonly timeout: number };
const db = new Sqlite(file, { readonly: true, timeout });
db.function('lower', { deterministic: true }, (value: unknown) =>
  typeof value === 'string' ? value.toLowerCase() : value,
);

parentPort?.on('message', ({ sql, values }: Question) => {
  try {
    parentPort?.postMessage({ rows: db.prepare(sql).all(...values) });
  } catch (error) {
    const { message, code } = error as Error & { readonly code?: string };
    parentPort?.postMessage({ error: { message, code } });
  }
});
