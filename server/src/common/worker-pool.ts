import { fileURLToPath } from 'node:url';
import type { ResourceLimits } from 'node:worker_threads';
import type { Piscina } from 'piscina';
import { Mutex } from './memory/mutex.js';

/** A thread without work gives its memory back after this time. */
const IDLE_TIMEOUT_MS = 60_000;

/**
 * On a machine with few cores the serving thread comes first. Only Linux gives a thread a priority of its own; elsewhere
 * the same call slows the whole process down (macOS) or fails (Windows).
 */
const NICE_INCREMENT = process.platform === 'linux' ? 10 : 0;

interface WorkerPoolOptions {
  readonly resourceLimits?: ResourceLimits;
  /** What the worker file reads as `workerData`. */
  readonly workerData?: unknown;
  /** For one task, from the moment the thread starts on it. The worker file must then export a task `ready` that does nothing. */
  readonly timeLimitMs?: number;
}

/** The functions that a worker file exports. */
type Tasks<W> = { readonly [N in keyof W]: (input: never) => unknown };
type Input<T> = T extends (input: infer I) => unknown ? I : never;
type Output<T> = T extends (input: never) => infer O ? Awaited<O> : never;

/** The task took longer than the pool allows, and its thread was ended. */
export class WorkerTimeout extends Error {}

/**
 * Runs the functions that a worker file exports in a thread beside the serving one, one task at a time, in the order of the
 * calls. Declare it with the type of that file: `new WorkerPool<typeof import('./some.worker.js')>(…)`.
 */
export class WorkerPool<W extends Tasks<W>> {
  readonly #mutex = new Mutex();
  #pool: Piscina | null = null;
  #abort: ((reason: unknown) => void) | null = null;
  #isClosed = false;

  constructor(
    private readonly script: URL,
    private readonly options: WorkerPoolOptions = {},
  ) {}

  /** Returns what the function returns. @throws WorkerTimeout, what the function throws, or what ended the thread */
  run<N extends keyof W & string>(name: N, input: Input<W[N]>): Promise<Output<W[N]>> {
    return this.#mutex.run(async () => {
      const pool = await this.#open();
      const { timeLimitMs } = this.options;
      if (timeLimitMs === undefined) return (await this.#runIn(pool, name, input)) as Output<W[N]>;
      // Starting a thread takes a while, and is not the task's fault.
      if (pool.threads.length === 0) await this.#runIn(pool, 'ready', undefined);
      const timer = setTimeout(() => {
        this.#abort?.(new WorkerTimeout(`The task took more than ${timeLimitMs} ms.`));
      }, timeLimitMs);
      return (await this.#runIn(pool, name, input).finally(() => {
        clearTimeout(timer);
      })) as Output<W[N]>;
    });
  }

  /** Ends the thread, even in the middle of a task; tasks that run or wait fail. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#pool?.destroy();
  }

  async #open(): Promise<Piscina> {
    // Loaded by the first task: many servers start and stop without one.
    const { default: piscina } = await import('piscina');
    if (this.#isClosed) throw new Error('The worker pool is closed.');
    this.#pool ??= this.#create(piscina.Piscina);
    return this.#pool;
  }

  #create(Pool: typeof Piscina): Piscina {
    const { workerData, resourceLimits = {} } = this.options;
    const pool = new Pool({
      filename: fileURLToPath(this.script),
      minThreads: 0,
      maxThreads: 1,
      idleTimeout: IDLE_TIMEOUT_MS,
      niceIncrement: NICE_INCREMENT,
      workerData,
      resourceLimits,
    });
    // A thread that cannot even start is reported here and nowhere else.
    return pool.on('error', (error) => this.#abort?.(error));
  }

  async #runIn(pool: Piscina, name: string, input: unknown): Promise<unknown> {
    const abort = new AbortController();
    this.#abort = (reason) => {
      abort.abort(reason);
    };
    try {
      return await pool.run(input, { name, signal: abort.signal });
    } catch (error) {
      throw abort.signal.aborted ? abort.signal.reason : error;
    }
  }
}
