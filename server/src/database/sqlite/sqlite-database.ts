import { statSync } from 'node:fs';
import type BetterSqlite3 from 'better-sqlite3';
import { DataSource, type EntityManager } from 'typeorm';
import { Database } from '../database.js';
import { bindSql, type SqlParameters, type Statements } from '../sql/named-parameters.js';
import { refuseNestedTransaction, Tx } from '../tx.js';
import { vacuumSlice, hasReclaimableSpace, checkpoint } from './free-space.js';
import { GroupCommit } from './group-commit.js';
import { assertPragmas, Entities, newSource, openSqliteWriter, rawConnection } from './sqlite-connection.js';
import { SqliteStatements } from './sqlite-statements.js';
import { SqliteWorkers } from './sqlite-workers.js';

/**
 * Reads what is committed: on the connection that writes while it is in no transaction, else on the one that only reads.
 * After each commit the latter has to read every page anew from the log, which takes several times as long as the
 * reading itself; the former wrote those pages and has them.
 */
export class CommittedReads implements Pick<Statements, 'rows'> {
  readonly #ofWriter: SqliteStatements;
  readonly #ofReader: SqliteStatements;

  constructor(
    private readonly writer: BetterSqlite3.Database,
    reader: BetterSqlite3.Database,
  ) {
    this.#ofWriter = new SqliteStatements(writer);
    this.#ofReader = new SqliteStatements(reader);
  }

  rows<R>(text: string, parameters: SqlParameters): Promise<R[]> {
    // Nothing can come in between: the statement has run when the call returns.
    const statements = this.writer.inTransaction ? this.#ofReader : this.#ofWriter;
    return statements.rows<R>(text, parameters);
  }
}

/** One writer connection behind a queue, one read-only connection for everybody else. */
export class SqliteDatabase extends Database {
  readonly kind = 'sqlite';
  protected readonly committed: CommittedReads;
  readonly #queue: GroupCommit;
  readonly #workers: SqliteWorkers;

  private constructor(
    private readonly file: string,
    private readonly writer: DataSource,
    private readonly reader: DataSource,
  ) {
    super();
    this.#workers = new SqliteWorkers(file);
    const runner = writer.createQueryRunner();
    // TypeORM would otherwise begin transactions of its own for some calls, outside the queue.
    Object.assign(runner, { isTransactionActive: true, transactionDepth: 1 });
    const manager = writer.createEntityManager(runner);
    const raw = rawConnection(writer);
    const statements = new SqliteStatements(raw);
    this.committed = new CommittedReads(raw, rawConnection(reader));
    this.#queue = new GroupCommit({
      execute: (sql) => {
        statements.execute(sql);
      },
      isInTransaction: () => raw.inTransaction,
      newTx: () => new Tx(manager, statements),
      onCommit: (since) => {
        this.writes.recordCommit(since);
      },
    });
  }

  /** Opens a migrated database. */
  static async open(file: string, entities: Entities): Promise<SqliteDatabase> {
    const writer = await openSqliteWriter(file, entities);
    const reader = await newSource(file, entities, true).initialize();
    assertPragmas(rawConnection(reader));
    return new SqliteDatabase(file, writer, reader);
  }

  async transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    refuseNestedTransaction();
    return this.writes.track(() => this.#queue.run(work));
  }

  protected get source(): DataSource {
    return this.writer;
  }

  manager(tx?: Tx): EntityManager {
    return tx?.manager ?? this.reader.manager;
  }

  async queryInWorker<R>(text: string, parameters: SqlParameters = {}): Promise<readonly R[]> {
    const { sql, values } = bindSql('sqlite', text, parameters);
    return (await this.#workers.query(sql, values)) as readonly R[];
  }

  async ping(): Promise<number> {
    const start = performance.now();
    await this.reader.query('SELECT 1');
    return performance.now() - start;
  }

  sizeBytes(): Promise<number> {
    const parts = [this.file, `${this.file}-wal`].map((file) => statSync(file, { throwIfNoEntry: false })?.size ?? 0);
    return Promise.resolve(parts.reduce((sum, size) => sum + size, 0));
  }

  async reclaimSpace(): Promise<number> {
    const raw = rawConnection(this.writer);
    if (!hasReclaimableSpace(raw)) return 0;
    const bytes = await this.transaction(() => Promise.resolve(vacuumSlice(raw)));
    // The file itself shrinks only when the log is worked into it; what others write and read goes on meanwhile.
    if (!hasReclaimableSpace(raw)) checkpoint(this.file);
    return bytes;
  }

  copyTo(file: string): Promise<void> {
    return this.#workers.copy(file);
  }

  async close(): Promise<void> {
    await this.#queue.idle();
    await this.#workers.close();
    if (this.reader.isInitialized) await this.reader.destroy();
    if (!this.writer.isInitialized) return;
    rawConnection(this.writer).pragma('wal_checkpoint(TRUNCATE)');
    await this.writer.destroy();
  }
}
