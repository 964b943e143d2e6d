import { AsyncLocalStorage } from 'node:async_hooks';
import type { EntityManager, ObjectLiteral } from 'typeorm';
import { insertStatement, tableOf, updateStatement } from './sql/entity-sql.js';
import type { SqlParameters, Statements } from './sql/named-parameters.js';

/**
 * One caller's transaction. It is valid only while that caller's work runs: on SQLite the connection is shared, and a
 * statement that came later would land in somebody else's transaction.
 */
export class Tx {
  readonly #afterCommit: (() => void)[] = [];
  #open = true;

  constructor(
    private readonly entityManager: EntityManager,
    private readonly statements: Statements,
  ) {}

  /** @throws Error once the work this was made for has ended */
  get manager(): EntityManager {
    this.#requireOpen();
    return this.entityManager;
  }

  /** Inserts a complete row. */
  async insert<E extends object>(entity: new () => E, row: E): Promise<void> {
    const { text, parameters } = insertStatement(this.manager.dataSource, entity, row);
    await this.statements.changes(text, parameters);
  }

  /** Inserts a complete row, unless one with the same key is there already. */
  async insertIfAbsent<E extends object>(entity: new () => E, row: E): Promise<void> {
    await this.manager.createQueryBuilder().insert().into<ObjectLiteral>(entity).values(row).orIgnore().execute();
  }

  /**
   * One conditional UPDATE: sets `changes` on the rows for which `condition` (columns by their names in the database) holds, and
   * returns how many there were. Races are settled by that number.
   */
  async update<E extends object>(
    entity: new () => E,
    changes: Partial<{ [K in keyof E]: E[K] | (() => string) }>,
    condition: string,
    parameters: ObjectLiteral,
  ): Promise<number> {
    const { text, parameters: values } = updateStatement(this.manager.dataSource, entity, changes, condition);
    return this.statements.changes(text, { ...parameters, ...values });
  }

  /** Deletes the rows for which `condition` (columns by their names in the database) holds; returns how many there were. */
  delete(entity: new () => object, condition: string, parameters: ObjectLiteral): Promise<number> {
    const text = `DELETE FROM ${tableOf(this.manager.dataSource, entity)} WHERE ${condition}`;
    return this.statements.changes(text, parameters);
  }

  /** Rows of a SELECT with `:name` and `:...name` parameters. */
  query<R>(text: string, parameters: SqlParameters): Promise<R[]> {
    this.#requireOpen();
    return this.statements.rows<R>(text, parameters);
  }

  /** Runs `callback` once the transaction is durable, before its caller is answered; never if it is rolled back. */
  afterCommit(callback: () => void): void {
    this.#afterCommit.push(callback);
  }

  /** For the database only: the work has ended, no statement is accepted from here on. */
  close(): void {
    this.#open = false;
  }

  /** For the database only: the work was rolled back, so there is no news. */
  dropCallbacks(): void {
    this.#afterCommit.length = 0;
  }

  #requireOpen(): void {
    if (!this.#open) throw new Error('This transaction has ended; a statement was not awaited.');
  }

  /** For the database only: tells the listeners. The commit stands whatever one of them does with the news. */
  runAfterCommit(onError: (error: unknown) => void): void {
    for (const callback of this.#afterCommit) {
      try {
        callback();
      } catch (error) {
        onError(error);
      }
    }
  }
}

const inside = new AsyncLocalStorage<true>();

/** Marks what runs within as being in a transaction. */
export const runInTransactionScope = <T>(work: () => Promise<T>): Promise<T> => inside.run(true, work);

/** A transaction that waits for another one behind itself in the queue would wait for ever: refuse it by name. */
export const refuseNestedTransaction = (): void => {
  if (inside.getStore()) throw new Error('A transaction was opened within a transaction; pass its tx on instead.');
};
