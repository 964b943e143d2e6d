import { AsyncLocalStorage } from 'node:async_hooks';
import type { DataSource } from 'typeorm';
import { type Changes, type EntityClass, type EntitySql, entitySql } from './sql/entity-sql.js';
import type { SqlParameters, Statements } from './sql/named-parameters.js';

/**
 * One caller's transaction. It is valid only while that caller's work runs: on SQLite the connection is shared, and a later
 * statement would become part of another caller's transaction.
 */
export class Tx {
  readonly #afterCommit: (() => void)[] = [];
  #open = true;
  #rowsWritten = 0;

  constructor(
    private readonly source: DataSource,
    private readonly statements: Statements,
  ) {}

  /** How many rows its statements have inserted, changed or deleted. */
  get rowsWritten(): number {
    return this.#rowsWritten;
  }

  /**
   * Inserts a complete row.
   * @throws Error when the database changed anything but one row: a trigger or a rule that is not ours swallowed it
   */
  async insert<E extends object>(entity: EntityClass<E>, row: E): Promise<void> {
    const { text, parameters } = this.#sql(entity).insert(row);
    const count = await this.execute(text, parameters);
    if (count !== 1) throw new Error(`An insert into ${this.#sql(entity).table} changed ${count} rows.`);
  }

  /** Inserts a complete row unless one of its unique keys is taken; true if it did. */
  async insertIfAbsent<E extends object>(entity: EntityClass<E>, row: E): Promise<boolean> {
    const { text, parameters } = this.#sql(entity).insertIfAbsent(row);
    return (await this.execute(text, parameters)) > 0;
  }

  /** Inserts a complete row, or replaces the one with the same primary key. */
  async upsert<E extends object>(entity: EntityClass<E>, row: E): Promise<void> {
    const { text, parameters } = this.#sql(entity).upsert(row);
    await this.execute(text, parameters);
  }

  /**
   * One conditional UPDATE: sets `changes` (properties) on the rows for which `condition` (SQL: columns) holds, and returns
   * how many there were. That number settles races.
   */
  update<E extends object>(
    entity: EntityClass<E>,
    changes: Changes<E>,
    condition: string,
    parameters: SqlParameters,
  ): Promise<number> {
    const { text, parameters: values } = this.#sql(entity).update(changes, condition);
    return this.execute(text, { ...parameters, ...values });
  }

  /** Deletes the rows for which `condition` (SQL: columns) holds; returns how many there were. */
  delete(entity: EntityClass, condition: string, parameters: SqlParameters): Promise<number> {
    return this.execute(this.#sql(entity).delete(condition), parameters);
  }

  /** Rows of a SELECT with `:name` and `:...name` parameters. */
  query<R>(text: string, parameters: SqlParameters): Promise<R[]> {
    this.#requireOpen();
    return this.statements.rows<R>(text, parameters);
  }

  /** Any other statement, with the same parameters; returns how many rows it changed. */
  execute(text: string, parameters: SqlParameters = {}): Promise<number> {
    this.#requireOpen();
    return this.#counted(this.statements.changes(text, parameters));
  }

  /** Runs `callback` once the transaction is durable, before its caller is answered; never if it is rolled back. */
  afterCommit(callback: () => void): void {
    this.#afterCommit.push(callback);
  }

  /** For the database only: the work has ended; later statements are refused. */
  close(): void {
    this.#open = false;
  }

  /** For the database only: the work was rolled back, so its callbacks never run. */
  dropCallbacks(): void {
    this.#afterCommit.length = 0;
  }

  /** For the database only: runs the callbacks. The commit stands even if one of them throws. */
  runAfterCommit(onError: (error: unknown) => void): void {
    for (const callback of this.#afterCommit) {
      try {
        callback();
      } catch (error) {
        onError(error);
      }
    }
  }

  async #counted(changes: Promise<number>): Promise<number> {
    const rows = await changes;
    this.#rowsWritten += rows;
    return rows;
  }

  #sql<E extends object>(entity: EntityClass<E>): EntitySql<E> {
    return entitySql(this.source, entity);
  }

  #requireOpen(): void {
    if (!this.#open) throw new Error('This transaction has ended; a statement was not awaited.');
  }
}

const inside = new AsyncLocalStorage<true>();

/** Runs `work` marked as being in a transaction. */
export const runInTransactionScope = <T>(work: () => Promise<T>): Promise<T> => inside.run(true, work);

/** @throws Error within a transaction: the inner one would queue behind the outer one, which waits for it forever */
export const refuseNestedTransaction = (): void => {
  if (inside.getStore()) throw new Error('A transaction was opened within a transaction; pass its tx on instead.');
};
