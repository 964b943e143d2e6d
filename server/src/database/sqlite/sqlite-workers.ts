import { extname } from 'node:path';
import { SideThread } from '../common/threads/side-thread.js';
import { asError, type SideError } from './side-error.js';
import { BUSY_TIMEOUT_MS } from './sqlite-pragmas.js';

interface Question {
  readonly sql: string;
  readonly values: readonly unknown[];
}

interface Answer {
  readonly rows?: readonly unknown[];
  readonly error?: SideError;
}

/** Asks a SQLite file questions that may take long, in a thread beside the serving one; answers see committed data. */
export class ReadAside {
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
