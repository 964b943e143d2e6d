import type { EntityManager } from 'typeorm';
import type { DatabaseKind } from '#contracts';
import { EntityColumns } from './sql/entity-sql.js';
import type { SqlParameters, Statements } from './sql/named-parameters.js';
import type { Tx } from './tx.js';

/** Hears how writes fare. */
export interface WriteObserver {
  /** From when it was asked for until it was durable, or had failed. */
  onWrite(seconds: number): void;
  /** One commit, of as many writes as waited for it. */
  onCommit(seconds: number): void;
}

/** How the writes of this process fare. */
export class WriteStats {
  readonly #open = new Set<{ readonly since: number }>();
  #observer: WriteObserver | null = null;

  /** How many have been asked for and are not yet done. */
  get waiting(): number {
    return this.#open.size;
  }

  /** How long the oldest of them has been waiting, in seconds; 0 when none is. */
  get oldestWaitSeconds(): number {
    const [oldest] = this.#open;
    return oldest ? secondsSince(oldest.since) : 0;
  }

  /** From now on tells `observer`, and nobody else. */
  observe(observer: WriteObserver): void {
    this.#observer = observer;
  }

  /** Runs a write and takes note of it. */
  async track<T>(write: () => Promise<T>): Promise<T> {
    const entry = { since: performance.now() };
    this.#open.add(entry);
    try {
      return await write();
    } finally {
      this.#open.delete(entry);
      this.#observer?.onWrite(secondsSince(entry.since));
    }
  }

  /** Takes note of a commit that began at this time of `performance.now()`. */
  recordCommit(since: number): void {
    this.#observer?.onCommit(secondsSince(since));
  }
}

const secondsSince = (since: number): number => (performance.now() - since) / 1000;

/**
 * The store. Every write goes through {@link transaction}; reads without a transaction see committed data only.
 * SQLite and PostgreSQL behave alike here: `database.spec.ts` holds both to it.
 */
export abstract class Database {
  abstract readonly kind: DatabaseKind;

  /** How writes fare. */
  readonly writes = new WriteStats();

  /**
   * Runs `work` alone or among others such that it neither sees nor loses theirs. Resolves with its value only after
   * the commit is durable; rejects with what it threw, and then nothing of it is kept. Keep `work` short: no network,
   * no hashing, no waiting. A transaction within a transaction is refused; pass the `tx` on instead.
   */
  abstract transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>;

  /** Where reads go: the caller's transaction if there is one, else committed data. */
  abstract manager(tx?: Tx): EntityManager;

  /** Rows of a SELECT that is written by hand, with `:name` and `:...name` parameters; from where {@link manager} reads. */
  query<R>(text: string, parameters: SqlParameters, tx?: Tx): Promise<R[]> {
    return tx ? tx.query<R>(text, parameters) : this.committed.rows<R>(text, parameters);
  }

  /** Reads committed data. */
  protected abstract readonly committed: Pick<Statements, 'rows'>;

  /**
   * Rows of a SELECT in the database's own words that may take long: on SQLite it runs in a thread of its own, so that
   * nobody waits for it but the caller.
   */
  abstract queryInWorker<R>(sql: string, values: readonly unknown[]): Promise<readonly R[]>;

  /** The columns of an entity for such a SELECT, under `alias`. */
  columnsOf<E extends object>(entity: new () => E, alias: string): EntityColumns<E> {
    return new EntityColumns(this.manager().dataSource, entity, alias);
  }

  /** Round trip of a trivial query, in milliseconds. @throws if the database does not answer */
  abstract ping(): Promise<number>;

  /** Size of the store on disk in bytes. */
  abstract sizeBytes(): Promise<number>;

  /**
   * Gives the disk one bounded slice of what deleted rows left free, and returns how many bytes; 0 when there is no more
   * than the next rows need, and on PostgreSQL, which looks after itself. Call again while it is not 0.
   */
  abstract reclaimSpace(): Promise<number>;

  /**
   * Writes a consistent copy to `file` while everything goes on, in a thread of its own.
   * @throws BACKUP_NOT_SUPPORTED on PostgreSQL, which has its own tools
   */
  abstract copyTo(file: string): Promise<void>;

  /** Lets running transactions end, then closes every connection; repeating it changes nothing. */
  abstract close(): Promise<void>;
}
