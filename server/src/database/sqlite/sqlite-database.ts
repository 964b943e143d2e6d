import { statSync } from 'node:fs';
import type BetterSqlite3 from 'better-sqlite3';
import type { DataSource } from 'typeorm';
import { measured } from '../../common/served-request.js';
import type { DatabaseLock } from '../database-lock.js';
import { Database } from '../database.js';
import { withWorkMeasured } from '../metered-work.js';
import { bindSql, type SqlParameters, type Statements } from '../sql/named-parameters.js';
import { refuseNestedTransaction, Tx } from '../tx.js';
import { vacuumSlice, hasReclaimableSpace, checkpoint } from './free-space.js';
import { GroupCommit } from './group-commit.js';
import { type Entities, openSqliteReader, openSqliteWriter, rawConnection } from './sqlite-connection.js';
import { SqliteStatements } from './sqlite-statements.js';
import { SqliteWorkers } from './sqlite-workers.js';

/**
 * Reads committed data: on the writer connection while it has no open transaction, else on the reader. After each commit the
 * reader must read its pages from the log again, which takes several times as long as the query; the writer has them in
 * its cache.
 */
class CommittedReads implements Pick<Statements, 'rows'> {
  readonly #onReader: SqliteStatements;

  constructor(
    private readonly writer: BetterSqlite3.Database,
    private readonly onWriter: SqliteStatements,
    reader: BetterSqlite3.Database,
  ) {
    this.#onReader = new SqliteStatements(reader);
  }

  rows<R>(text: string, parameters: SqlParameters): Promise<R[]> {
    // Nothing can come in between: the statement has run when the call returns.
    const statements = this.writer.inTransaction ? this.#onReader : this.onWriter;
    return measured(() => statements.rows<R>(text, parameters));
  }
}

/** One writer connection behind a queue, one read-only connection, and a worker for slow queries. */
export class SqliteDatabase extends Database {
  readonly kind = 'sqlite';
  protected readonly committed: CommittedReads;
  readonly #queue: GroupCommit;
  readonly #workers: SqliteWorkers;

  private constructor(
    private readonly file: string,
    protected readonly source: DataSource,
    private readonly reader: BetterSqlite3.Database,
    private readonly lock: DatabaseLock | null,
  ) {
    super();
    this.#workers = new SqliteWorkers(file);
    const writer = rawConnection(source);
    const statements = new SqliteStatements(writer);
    this.committed = new CommittedReads(writer, statements, reader);
    this.#queue = new GroupCommit({
      execute: (sql) => {
        statements.execute(sql);
      },
      isInTransaction: () => writer.inTransaction,
      newTx: () => new Tx(source, statements),
      onCommit: (since) => {
        this.writes.recordCommit(since);
      },
    });
  }

  /** Opens a migrated database; `lock` is released when it is closed. */
  static async open(file: string, entities: Entities, lock: DatabaseLock | null = null): Promise<SqliteDatabase> {
    const source = await openSqliteWriter(file, entities);
    try {
      return new SqliteDatabase(file, source, openSqliteReader(file), lock);
    } catch (error) {
      await source.destroy();
      throw error;
    }
  }

  async transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    refuseNestedTransaction();
    return this.writes.track(() => this.#queue.run(withWorkMeasured(work)));
  }

  async queryInWorker<R>(text: string, parameters: SqlParameters = {}): Promise<readonly R[]> {
    const { sql, values } = bindSql('sqlite', text, parameters);
    return (await this.#workers.query(sql, values)) as readonly R[];
  }

  async ping(): Promise<number> {
    const start = performance.now();
    await this.query('SELECT 1');
    return performance.now() - start;
  }

  sizeBytes(): Promise<number> {
    const parts = [this.file, `${this.file}-wal`].map((file) => statSync(file, { throwIfNoEntry: false })?.size ?? 0);
    return Promise.resolve(parts.reduce((sum, size) => sum + size, 0));
  }

  async reclaimSpace(): Promise<number> {
    const raw = rawConnection(this.source);
    if (!hasReclaimableSpace(raw)) return 0;
    const bytes = await this.transaction(() => Promise.resolve(vacuumSlice(raw)));
    // The file itself shrinks only with a checkpoint; writes and reads go on meanwhile.
    if (!hasReclaimableSpace(raw)) checkpoint(this.file);
    return bytes;
  }

  copyTo(file: string, stop?: AbortSignal): Promise<void> {
    return this.#workers.copy(file, stop);
  }

  async close(): Promise<void> {
    await this.#queue.idle();
    await this.#workers.close();
    this.reader.close();
    if (!this.source.isInitialized) return;
    rawConnection(this.source).pragma('wal_checkpoint(TRUNCATE)');
    await this.source.destroy();
    this.lock?.release();
  }
}
