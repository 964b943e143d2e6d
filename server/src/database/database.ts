import type { DataSource, ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import type { DatabaseKind } from '#contracts';
import { MaintenanceJob } from '../common/maintenance-job.js';
import { type EntityClass, EntityColumns, entitySql, type RawRow } from './sql/entity-sql.js';
import type { SqlParameters, Statements } from './sql/named-parameters.js';
import type { Tx } from './tx.js';

/** Receives the timings of writes. */
export interface WriteObserver {
  /** From the request until the write was durable or had failed. */
  onWrite(seconds: number): void;
  /** One commit, which covers all writes that waited for it. */
  onCommit(seconds: number): void;
}

/** The writes of this process that are waiting, and their timings. */
export class WriteStats {
  readonly #open = new Set<{ readonly since: number }>();
  #observer: WriteObserver | null = null;

  /** How many were requested and are not done. */
  get waiting(): number {
    return this.#open.size;
  }

  /** How long the oldest of them has been waiting, in seconds; 0 without any. */
  get oldestWaitSeconds(): number {
    const [oldest] = this.#open;
    return oldest ? secondsSince(oldest.since) : 0;
  }

  /** Reports to `observer` from now on, in place of an earlier one. */
  observe(observer: WriteObserver): void {
    this.#observer = observer;
  }

  /** Runs a write and records how long it takes. */
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

  /** Records a commit that began at this time of `performance.now()`. */
  recordCommit(since: number): void {
    this.#observer?.onCommit(secondsSince(since));
  }
}

const secondsSince = (since: number): number => (performance.now() - since) / 1000;

/**
 * The store. Every write goes through {@link transaction}; reads without a transaction see committed data only.
 * SQLite and PostgreSQL behave alike: `database.spec.ts` runs against both.
 */
export abstract class Database {
  abstract readonly kind: DatabaseKind;

  /** The writes that are waiting. */
  readonly writes = new WriteStats();

  /**
   * Runs `work` isolated from other transactions. Resolves with its value only after the commit is durable; if it
   * throws, rejects with that error and rolls back. Keep `work` short: no network, no hashing, no waiting. A transaction
   * within a transaction is refused; pass the `tx` on instead.
   */
  abstract transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>;

  /**
   * The rows for which `condition` holds, as entities. The condition is SQL: it names columns, not properties, takes
   * `:name` and `:...name` parameters, and may go on with `ORDER BY` and `LIMIT`. Reads the caller's transaction if there
   * is one, else committed data.
   */
  async find<E extends object>(
    entity: EntityClass<E>,
    condition: string,
    parameters: SqlParameters = {},
    tx?: Tx,
  ): Promise<E[]> {
    const sql = entitySql(this.source, entity);
    const rows = await this.query<RawRow>(sql.select(condition), parameters, tx);
    return rows.map((row) => sql.hydrate(row));
  }

  /** The first row that {@link find} would return, or null. */
  async findOne<E extends object>(
    entity: EntityClass<E>,
    condition: string,
    parameters: SqlParameters = {},
    tx?: Tx,
  ): Promise<E | null> {
    const sql = entitySql(this.source, entity);
    const [row] = await this.query<RawRow>(sql.select(condition), parameters, tx);
    return row ? sql.hydrate(row) : null;
  }

  /** How many rows `condition` holds for; `TRUE` counts all. */
  async count(entity: EntityClass, condition: string, parameters: SqlParameters = {}, tx?: Tx): Promise<number> {
    const text = entitySql(this.source, entity).count(condition);
    const [row] = await this.query<{ readonly total: string | number }>(text, parameters, tx);
    return Number(row?.total ?? 0);
  }

  /** Rows of a handwritten SELECT with `:name` and `:...name` parameters; reads what {@link find} reads. */
  query<R>(text: string, parameters: SqlParameters = {}, tx?: Tx): Promise<R[]> {
    return tx ? tx.query<R>(text, parameters) : this.committed.rows<R>(text, parameters);
  }

  /**
   * TypeORM's query builder, for lists whose filters differ from call to call. Hand the query to a `ListReader`, or its
   * text (`getQuery`, `getParameters`) to {@link queryInWorker} or {@link query}.
   */
  select<E extends ObjectLiteral>(entity: EntityClass<E>, alias: string): SelectQueryBuilder<E> {
    return this.source.createQueryBuilder(entity, alias);
  }

  /** The columns of an entity for a handwritten SELECT that has more than one table, under `alias`. */
  columns<E extends object>(entity: EntityClass<E>, alias: string): EntityColumns<E> {
    return new EntityColumns(entitySql(this.source, entity), alias);
  }

  /** The column that a property is stored in. @throws Error for a property that is not stored */
  columnOf(entity: EntityClass, property: string): { readonly column: string; readonly isNullable: boolean } {
    const { databaseName, isNullable } = entitySql(this.source, entity).column(property);
    return { column: databaseName, isNullable };
  }

  /** {@link query} on committed data that may take long: on SQLite it runs in a worker thread and delays nothing else. */
  abstract queryInWorker<R>(text: string, parameters?: SqlParameters): Promise<readonly R[]>;

  /** The data source with the entities. */
  protected abstract readonly source: DataSource;

  /** Reads committed data. */
  protected abstract readonly committed: Pick<Statements, 'rows'>;

  /** Round trip of a trivial query, in milliseconds. @throws if the database does not answer */
  abstract ping(): Promise<number>;

  /** Size of the store on disk in bytes. */
  abstract sizeBytes(): Promise<number>;

  /**
   * Returns one bounded slice of the space of deleted rows to the disk; resolves with its size in bytes. 0 means that no
   * more is left than the next rows need, and on PostgreSQL, which does this itself. Call again until it is 0.
   */
  abstract reclaimSpace(): Promise<number>;

  /** Frees one slice as {@link reclaimSpace} does; returns how many bytes. */
  @MaintenanceJob({
    id: 'space',
    phase: 'space',
    description: 'Returns space that deleted rows left in the SQLite database to the disk, in bytes.',
  })
  freeUnusedSpace(): Promise<number> {
    return this.reclaimSpace();
  }

  /**
   * Writes a consistent copy to `file` in a worker thread, while reads and writes go on. Fails once `stop` aborts.
   * @throws BACKUP_NOT_SUPPORTED on PostgreSQL, which has its own tools
   */
  abstract copyTo(file: string, stop?: AbortSignal): Promise<void>;

  /** Waits for running transactions, then closes every connection; calling it again changes nothing. */
  abstract close(): Promise<void>;
}
