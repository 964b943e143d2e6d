import { AsyncLocalStorage } from 'node:async_hooks';
import { Logger } from '@nestjs/common';
import { runIsolated } from '../../common/isolated.js';
import { runInTransactionScope, Tx } from '../tx.js';

/** A larger group makes its first caller wait without making the commit cheaper. */
const MAX_GROUP_SIZE = 256;

/** What the queue needs of the one connection that writes. */
export interface WriterConnection {
  execute(sql: string): void;
  /** False when SQLite itself ended the transaction (disk full, I/O error). */
  isInTransaction(): boolean;
  newTx(): Tx;
  /** Called after each commit with the start of its transaction, by `performance.now()`. */
  onCommit(since: number): void;
}

interface Waiting {
  run(): Promise<void>;
  /** Runs what its transaction planned for after the commit, and answers its caller. */
  settle(): void;
  fail(error: unknown): void;
}

/**
 * Group commit: runs all work that is waiting as one SQLite transaction, each caller's in a savepoint of its own, and
 * settles all callers after the one commit. Work that fails is rolled back alone.
 */
export class GroupCommit {
  readonly #logger = new Logger(GroupCommit.name);
  #waiting: Waiting[] = [];
  #draining: Promise<void> | null = null;

  constructor(private readonly connection: WriterConnection) {}

  run<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#waiting.push(this.#enlist(work, resolve, reject));
      this.#draining ??= this.#drain();
    });
  }

  /** Resolves when no work is waiting or running. */
  async idle(): Promise<void> {
    await this.#draining;
  }

  #enlist<T>(work: (tx: Tx) => Promise<T>, resolve: (value: T) => void, reject: (error: unknown) => void): Waiting {
    const tx = this.connection.newTx();
    // Whichever request began the queue, work and its consequences belong to the caller's own: to its id in the log, say.
    const inCallersContext = AsyncLocalStorage.snapshot();
    let settle = (): void => undefined;
    const attempt = async (): Promise<void> => {
      try {
        const value = await runInTransactionScope(() => work(tx));
        settle = () => {
          resolve(value);
        };
      } catch (error) {
        settle = () => {
          reject(error);
        };
        tx.dropCallbacks();
        if (!this.connection.isInTransaction()) throw error;
        this.connection.execute('ROLLBACK TO work');
      } finally {
        tx.close();
      }
    };
    return {
      run: async () => {
        this.connection.execute('SAVEPOINT work');
        await inCallersContext(attempt);
        this.connection.execute('RELEASE work');
      },
      settle: () => {
        inCallersContext(() => {
          tx.runAfterCommit((error) => {
            this.#logger.error(error);
          });
        });
        settle();
      },
      fail: reject,
    };
  }

  async #drain(): Promise<void> {
    // After one turn of the event loop, requests that arrived together share a commit.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#waiting.length > 0) {
      const group = this.#waiting.splice(0, MAX_GROUP_SIZE);
      await this.#commitGroup(group);
    }
    this.#draining = null;
  }

  async #commitGroup(group: readonly Waiting[]): Promise<void> {
    const since = performance.now();
    try {
      this.connection.execute('BEGIN IMMEDIATE');
      for (const waiting of group) await waiting.run();
      this.connection.execute('COMMIT');
    } catch (error) {
      if (this.connection.isInTransaction()) this.connection.execute('ROLLBACK');
      for (const waiting of group) waiting.fail(error);
      return;
    }
    // From here on everything is durable: nothing may tell a caller otherwise.
    runIsolated(this.#logger, () => {
      this.connection.onCommit(since);
    });
    for (const waiting of group) waiting.settle();
  }
}
