import { Logger } from '@nestjs/common';
import { runInTransactionScope, Tx } from '../tx.js';

/** The one connection that writes, as the queue needs it. */
export interface WriterConnection {
  execute(sql: string): void;
  /** False when SQLite itself ended the transaction (disk full, I/O error). */
  isInTransaction(): boolean;
  newTx(): Tx;
  /** Hears of each commit when its transaction began, by `performance.now()`. */
  onCommit(since: number): void;
}

interface Waiting {
  run(): Promise<void>;
  settle(): void;
  fail(error: unknown): void;
  readonly tx: Tx;
}

/** More than this in one commit makes the first of them wait without making the commit cheaper. */
const MAX_GROUP_SIZE = 256;

/**
 * Group commit: runs what waits *now* as one SQLite transaction, each caller's work in a savepoint of its own, and
 * answers them all after the one commit. A work that fails is rolled back alone.
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

  /** Resolves once nothing waits any more. */
  async idle(): Promise<void> {
    await this.#draining;
  }

  #enlist<T>(work: (tx: Tx) => Promise<T>, resolve: (value: T) => void, reject: (error: unknown) => void): Waiting {
    const tx = this.connection.newTx();
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
      tx,
      run: async () => {
        this.connection.execute('SAVEPOINT work');
        await attempt();
        this.connection.execute('RELEASE work');
      },
      settle: () => {
        settle();
      },
      fail: reject,
    };
  }

  async #drain(): Promise<void> {
    // One turn of the loop lets everything that arrives with the same batch of requests share a commit.
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
      this.connection.onCommit(since);
    } catch (error) {
      if (this.connection.isInTransaction()) this.connection.execute('ROLLBACK');
      for (const waiting of group) waiting.fail(error);
      return;
    }
    for (const waiting of group) {
      waiting.tx.runAfterCommit((error) => {
        this.#logger.error(error);
      });
      waiting.settle();
    }
  }
}
