import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { BUSY_TIMEOUT_MS } from './sqlite-pragmas.js';

/** A thread that nobody has asked anything for so long gives its memory back. */
const IDLE_MS = 60_000;

interface Answer {
  readonly number: number;
  readonly rows?: readonly unknown[];
  readonly error?: string;
}

interface Asked {
  readonly resolve: (rows: readonly unknown[]) => void;
  readonly reject: (error: Error) => void;
}

/** Asks a SQLite file questions that may take long, in a thread beside the serving one; answers see committed data. */
export class ReadAside {
  readonly #asked = new Map<number, Asked>();
  #worker: Worker | null = null;
  #idle: NodeJS.Timeout | null = null;
  #count = 0;

  constructor(private readonly file: string) {}

  query(sql: string, values: readonly unknown[]): Promise<readonly unknown[]> {
    this.#count += 1;
    const number = this.#count;
    return new Promise((resolve, reject) => {
      this.#asked.set(number, { resolve, reject });
      if (this.#idle) clearTimeout(this.#idle);
      const worker = this.#started();
      // Whoever waits for an answer keeps the process alive; an idle worker does not.
      worker.ref();
      worker.postMessage({ number, sql, values });
    });
  }

  async close(): Promise<void> {
    if (this.#idle) clearTimeout(this.#idle);
    const worker = this.#worker;
    this.#worker = null;
    // Before the thread has ended: what is asked meanwhile goes to a new one.
    this.#fail(new Error('The database was closed.'));
    await worker?.terminate();
  }

  #started(): Worker {
    this.#worker ??= this.#start();
    return this.#worker;
  }

  #start(): Worker {
    const script = new URL(`./read-aside.worker${extname(import.meta.url)}`, import.meta.url);
    const worker = new Worker(script, { workerData: { file: this.file, timeout: BUSY_TIMEOUT_MS } });
    worker.on('message', (answer: Answer) => {
      this.#answer(answer);
    });
    worker.on('error', (error: Error) => {
      if (this.#worker === worker) this.#worker = null;
      this.#fail(error);
    });
    return worker;
  }

  #answer({ number, rows, error }: Answer): void {
    const asked = this.#asked.get(number);
    this.#asked.delete(number);
    if (rows) asked?.resolve(rows);
    else asked?.reject(new Error(error));
    if (this.#asked.size > 0) return;
    this.#worker?.unref();
    this.#idle = setTimeout(() => void this.close(), IDLE_MS).unref();
  }

  #fail(error: Error): void {
    for (const { reject } of this.#asked.values()) reject(error);
    this.#asked.clear();
  }
}
