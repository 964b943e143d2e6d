import { extname } from 'node:path';
import { Worker, type WorkerOptions } from 'node:worker_threads';
import { errorCodeOf } from './errors.js';

/** A thread that nobody has asked anything for so long gives its memory back. */
const IDLE_MS = 60_000;

/** Where a machine has few cores, what the serving thread does comes first. */
const LOWER_PRIORITY = new URL(`./lower-priority${extname(import.meta.url)}`, import.meta.url).href;

/** The thread took too long over its answer and was ended. */
export class SideThreadTimeout extends Error {}

interface SideThreadOptions extends Pick<WorkerOptions, 'resourceLimits'> {
  readonly workerData?: unknown;
  /** For one answer, from when the thread said `taken`; without end when left out. */
  readonly timeLimitMs?: number;
}

/** What the process itself was started with is kept where a thread takes it: options of V8 (`--max-old-space-size`) it does not. */
const newWorker = (script: URL, { workerData, resourceLimits }: SideThreadOptions): Worker => {
  const start = (inherited: readonly string[]): Worker =>
    new Worker(script, { workerData, resourceLimits, execArgv: [...inherited, '--import', LOWER_PRIORITY] });
  try {
    return start(process.execArgv);
  } catch (error) {
    if (errorCodeOf(error) !== 'ERR_WORKER_INVALID_EXEC_ARGV') throw error;
    return start([]);
  }
};

interface Asked<Q, A> {
  readonly question: Q;
  readonly resolve: (answer: A) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Has questions that may take long answered in a thread beside the serving one, and after it where there are few cores;
 * one question after the other. The script posts one message back for each that it gets, and may say `taken` before.
 */
export class SideThread<Q, A> {
  readonly #waiting: Asked<Q, A>[] = [];
  #asked: Asked<Q, A> | null = null;
  #worker: Worker | null = null;
  #timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly script: URL,
    private readonly options: SideThreadOptions = {},
  ) {}

  /** @throws SideThreadTimeout, or the error that ended the thread; whoever asks next gets a new one */
  ask(question: Q): Promise<A> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ question, resolve, reject });
      if (!this.#asked) this.#askNext();
    });
  }

  async close(): Promise<void> {
    const worker = this.#worker;
    // Before the thread has ended: what is asked meanwhile goes to a new one.
    this.#forget();
    const error = new Error('The thread was closed.');
    this.#asked?.reject(error);
    this.#asked = null;
    for (const { reject } of this.#waiting.splice(0)) reject(error);
    await worker?.terminate();
  }

  #askNext(): void {
    this.#stopTimer();
    this.#asked = this.#waiting.shift() ?? null;
    if (!this.#asked) {
      this.#worker?.unref();
      this.#timer = setTimeout(() => void this.close(), IDLE_MS).unref();
      return;
    }
    this.#worker ??= this.#start();
    // Whoever waits for an answer keeps the process alive; an idle worker does not.
    this.#worker.ref();
    this.#worker.postMessage(this.#asked.question);
  }

  #start(): Worker {
    const worker = newWorker(this.script, this.options);
    worker.on('message', (message: A | 'taken') => {
      if (this.#worker !== worker) return;
      if (message === 'taken') this.#startTimer(worker);
      else
        this.#settle(({ resolve }) => {
          resolve(message);
        });
    });
    worker.on('error', (error: unknown) => {
      this.#lose(worker, error instanceof Error ? error : new Error('The thread failed.'));
    });
    worker.on('exit', () => {
      this.#lose(worker, new Error('The thread ended.'));
    });
    return worker;
  }

  #startTimer(worker: Worker): void {
    const { timeLimitMs } = this.options;
    if (timeLimitMs === undefined) return;
    this.#timer = setTimeout(() => {
      void worker.terminate();
      this.#lose(worker, new SideThreadTimeout(`The thread took more than ${timeLimitMs} ms.`));
    }, timeLimitMs);
  }

  #lose(worker: Worker, error: Error): void {
    if (this.#worker !== worker) return;
    this.#forget();
    this.#settle(({ reject }) => {
      reject(error);
    });
  }

  #settle(tell: (asked: Asked<Q, A>) => void): void {
    if (this.#asked) tell(this.#asked);
    this.#askNext();
  }

  #forget(): void {
    this.#stopTimer();
    this.#worker = null;
  }

  #stopTimer(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
  }
}

/** What a thread beside the serving one says of its failure: sending an error itself would lose its code. */
export interface SideError {
  readonly message: string;
  readonly code?: string;
}

/** The error it was, with its code: whether the same request may work a little later depends on that. */
export const asError = ({ message, code }: SideError): Error =>
  Object.assign(new Error(message), code === undefined ? {} : { code });
