import { extname } from 'node:path';
import { asError, type SideError, SideThread } from '../../common/worker-pool.js';
import { BUSY_TIMEOUT_MS } from './sqlite-connection.js';

interface Question {
  readonly sql: string;
  readonly values: readonly unknown[];
}

interface Answer {
  readonly rows?: readonly unknown[];
  readonly error?: SideError;
}

/** Asks a SQLite file questions that may take long, in a thread beside the serving one; answers see committed data. */
export class SqliteWorkers {
  readonly #thread: SideThread<Question, Answer>;

  constructor(file: string) {
    const script = new URL(`./read-aside.worker${extname(import.meta.url)}`, import.meta.url);
    this.#thread = new SideThread(script, { workerData: { file, timeout: BUSY_TIMEOUT_MS } });
  }

  async query(sql: string, values: readonly unknown[]): Promise<readonly unknown[]> {
    const { rows, error } = await this.#thread.ask({ sql, values });
    if (error) throw asError(error);
    return rows ?? [];
  }

  close(): Promise<void> {
    return this.#thread.close();
  }
}

/** Writes a consistent copy of the SQLite database `from` to `to`, in a thread of its own; the copy needs no side files. */
export const copyDatabase = async (from: string, to: string): Promise<void> => {
  const script = new URL(`./copy-database.worker${extname(import.meta.url)}`, import.meta.url);
  const thread = new SideThread<object, { readonly error?: SideError }>(script, {
    workerData: { timeout: BUSY_TIMEOUT_MS },
  });
  try {
    const { error } = await thread.ask({ from, to });
    if (error) throw asError(error);
  } finally {
    await thread.close();
  }
};
