import { extname } from 'node:path';
import { WorkerPool } from '../../common/worker-pool.js';
import { BUSY_TIMEOUT_MS } from './sqlite-connection.js';
import type * as tasks from './sqlite.worker.js';

const SCRIPT = new URL(`./sqlite.worker${extname(import.meta.url)}`, import.meta.url);

/** Runs what may take long on a SQLite file in threads beside the serving one: it sees committed data and delays nothing else. */
export class SqliteWorkers {
  readonly #queries: WorkerPool<typeof tasks>;

  constructor(private readonly file: string) {
    this.#queries = this.#newPool();
  }

  /** Returns the rows that the statement finds. */
  async query(sql: string, values: readonly unknown[]): Promise<readonly unknown[]> {
    return unwrap(await this.#queries.run('query', { sql, values })).rows;
  }

  /** Writes a consistent copy of the database to the file `to`; the copy needs no side files. Fails once `stop` aborts. */
  async copy(to: string, stop?: AbortSignal): Promise<void> {
    // Queries do not wait for a copy, which may take minutes.
    const pool = this.#newPool();
    stop?.addEventListener('abort', () => void pool.close(), { once: true });
    try {
      stop?.throwIfAborted();
      unwrap(await pool.run('copy', { to }));
    } finally {
      await pool.close();
    }
  }

  /** Ends the thread of the queries; a running copy is finished. */
  close(): Promise<void> {
    return this.#queries.close();
  }

  #newPool(): WorkerPool<typeof tasks> {
    const workerData: tasks.SqliteWorkerData = { file: this.file, busyTimeoutMs: BUSY_TIMEOUT_MS };
    return new WorkerPool(SCRIPT, { workerData });
  }
}

/** Returns the result of a task. @throws Error with SQLite's code, which says whether trying again later may help */
const unwrap = <T extends object>(result: T | tasks.WorkerFailure): T => {
  if (!('error' in result)) return result;
  const { message, code } = result.error;
  throw Object.assign(new Error(message), code === undefined ? {} : { code });
};
