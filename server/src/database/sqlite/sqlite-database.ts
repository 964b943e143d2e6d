import { chmodSync, closeSync, openSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { DataSource, type EntityManager, type MixedList } from 'typeorm';
import { makePrivateFolder } from '../config/secret-file.js';
import { CommittedReads } from './committed-reads.js';
import { copyDatabase } from './copy-database.js';
import { Database } from './database.js';
import { GroupCommit } from './group-commit.js';
import { migrations } from './migrations/index.js';
import { ReadAside } from './read-aside.js';
import { assertPragmas, BUSY_TIMEOUT_MS, preparePragmas } from './sqlite-pragmas.js';
import { cutSlice, hasSpareSpace, settleSize } from './sqlite-space.js';
import { SqliteStatements } from './sqlite-statements.js';
import { refuseNestedTransaction } from './transaction-scope.js';
import { Tx } from './tx.js';

type Entities = MixedList<new () => object>;

/** SQLite's own `LOWER` knows ASCII only; a search must find `Élodie` by `élodie`. */
const lower = (value: unknown): unknown => (typeof value === 'string' ? value.toLowerCase() : value);

const rawConnection = (source: DataSource): BetterSqlite3.Database =>
  (source.driver as unknown as { databaseConnection: BetterSqlite3.Database }).databaseConnection;

const newSource = (file: string, entities: Entities, readonly: boolean): DataSource =>
  new DataSource({
    type: 'better-sqlite3',
    database: file,
    entities,
    migrations,
    migrationsTableName: 'schema_migrations',
    synchronize: false,
    logging: false,
    readonly,
    timeout: BUSY_TIMEOUT_MS,
    statementCacheSize: 500,
    prepareDatabase: (db: BetterSqlite3.Database) => {
      preparePragmas(db, readonly);
      db.function('lower', { deterministic: true }, lower);
    },
  });

/** Opens the file for writing, as migrations need it; the caller closes it. */
export const openSqliteWriter = async (file: string, entities: Entities): Promise<DataSource> => {
  makePrivateFolder(dirname(file));
  // SQLite gives the files it puts beside the database the database's own mode: so that is right from the beginning.
  closeSync(openSync(file, 'a', 0o600));
  chmodSync(file, 0o600);
  const source = await newSource(file, entities, false).initialize();
  assertPragmas(rawConnection(source));
  return source;
};

/** One writer connection behind a queue, one read-only connection for everybody else. */
export class SqliteDatabase extends Database {
  readonly kind = 'sqlite';
  protected readonly committed: CommittedReads;
  readonly #queue: GroupCommit;
  readonly #aside: ReadAside;

  private constructor(
    private readonly file: string,
    private readonly writer: DataSource,
    private readonly reader: DataSource,
  ) {
    super();
    this.#aside = new ReadAside(file);
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
        this.writes.committed(since);
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
    return this.writes.during(() => this.#queue.run(work));
  }

  manager(tx?: Tx): EntityManager {
    return tx?.manager ?? this.reader.manager;
  }

  async queryAside<R>(sql: string, values: readonly unknown[]): Promise<readonly R[]> {
    return (await this.#aside.query(sql, values)) as readonly R[];
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

  async giveSpaceBack(): Promise<number> {
    const raw = rawConnection(this.writer);
    if (!hasSpareSpace(raw)) return 0;
    const bytes = await this.transaction(() => Promise.resolve(cutSlice(raw)));
    // The file itself shrinks only when the log is worked into it; what others write and read goes on meanwhile.
    if (!hasSpareSpace(raw)) settleSize(this.file);
    return bytes;
  }

  copyTo(file: string): Promise<void> {
    return copyDatabase(this.file, file);
  }

  async close(): Promise<void> {
    await this.#queue.idle();
    await this.#aside.close();
    if (this.reader.isInitialized) await this.reader.destroy();
    if (!this.writer.isInitialized) return;
    rawConnection(this.writer).pragma('wal_checkpoint(TRUNCATE)');
    await this.writer.destroy();
  }
}
