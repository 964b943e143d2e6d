import type { Socket } from 'node:net';
import { Logger } from '@nestjs/common';
import type { Client } from 'pg';
import { DataSource, type EntityManager, type MixedList } from 'typeorm';
import { DomainError } from '../../common/errors.js';
import { Database } from '../database.js';
import { isWriteConflict, retryTransaction } from '../errors.js';
import { withRowsCounted } from '../metered-work.js';
import { migrations } from '../migrations/index.js';
import { bindSql, type SqlParameters, type Statements } from '../sql/named-parameters.js';
import { refuseNestedTransaction, runInTransactionScope, Tx } from '../tx.js';

const POOL_SIZE = 20;
/** A database that is gone must not keep requests waiting; they get 503 and can be repeated. */
const CONNECT_TIMEOUT_MS = 5_000;
/** How long one statement may take, and how long a transaction may keep its locks without one. */
const STATEMENT_LIMIT_MS = 30_000;
/** Past its limit, the database has this long to report the end of a statement. */
const GRACE_MS = 5_000;

const logger = new Logger('PostgresPool');

/** Statements on the connection of a transaction, or on any free one of the pool. */
class PostgresStatements implements Statements {
  constructor(private readonly manager: EntityManager) {}

  rows<R>(text: string, parameters: SqlParameters): Promise<R[]> {
    const { sql, values } = bindSql('postgres', text, parameters);
    return this.manager.query<R[]>(sql, values);
  }

  async changes(text: string, parameters: SqlParameters): Promise<number> {
    const { queryRunner } = this.manager;
    if (!queryRunner) throw new Error('A change needs a transaction.');
    const { sql, values } = bindSql('postgres', text, parameters);
    const result = (await queryRunner.query(sql, values, true)) as { readonly affected?: number };
    return result.affected ?? 0;
  }
}

/** Opens a pool; the caller closes it. */
export const openPostgres = async (
  url: string,
  entities: MixedList<new () => object>,
  extra: Readonly<Record<string, unknown>> = {},
): Promise<DataSource> => {
  // Loaded here, because a server on SQLite does not need it, and passed, because TypeORM would load it by name.
  const { default: driver } = await import('pg');
  return new DataSource({
    type: 'postgres',
    driver,
    url,
    entities,
    migrations,
    migrationsTableName: 'schema_migrations',
    synchronize: false,
    logging: false,
    applicationName: 'opstage-ce',
    poolSize: POOL_SIZE,
    connectTimeoutMS: CONNECT_TIMEOUT_MS,
    extra: { keepAlive: true, ...extra },
    // A pooled connection that breaks while idle is replaced; without a listener its error would end the process.
    poolErrorHandler: (error: unknown) => {
      logger.warn(error);
    },
  }).initialize();
};

/** What a pool of `pg` tells about its connections. */
interface Pool {
  on(event: 'acquire', listener: (client: Client) => void): void;
  on(event: 'release', listener: (error: unknown, client: Client) => void): void;
}

/** A client's connection is a socket, although its type does not say so. */
const socketOf = (client: Client): Socket => client.connection.stream as Socket;

/**
 * Opens a pool whose statements are limited: by the database, and, where that fell silent without closing the connection (a
 * failover does), by a limit on the socket while it is in use. Otherwise twenty such statements would keep the pool for good.
 */
export const openLimitedPostgres = async (
  url: string,
  entities: MixedList<new () => object>,
  limitMs = STATEMENT_LIMIT_MS,
): Promise<DataSource> => {
  const silenceMs = limitMs + GRACE_MS;
  const source = await openPostgres(url, entities, {
    onConnect: async (client: Client) => {
      const socket = socketOf(client).setTimeout(silenceMs);
      socket.on('timeout', () => {
        socket.destroy(new Error(`Connection terminated: no answer for ${silenceMs} ms.`));
      });
      // Statements of their own: connection poolers refuse these settings when a connection starts.
      await client.query(`SET statement_timeout = ${limitMs}; SET idle_in_transaction_session_timeout = ${limitMs}`);
    },
  });
  const { master } = source.driver as unknown as { readonly master: Pool };
  master.on('acquire', (client) => socketOf(client).setTimeout(silenceMs));
  master.on('release', (_, client) => socketOf(client).setTimeout(0));
  return source;
};

/** A pool: each transaction has a connection of its own, and is retried when PostgreSQL gave it up in favour of another. */
export class PostgresDatabase extends Database {
  readonly kind = 'postgres';
  protected readonly committed: PostgresStatements;
  readonly #logger = new Logger(PostgresDatabase.name);

  constructor(protected readonly source: DataSource) {
    super();
    this.committed = new PostgresStatements(source.manager);
  }

  async transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    refuseNestedTransaction();
    // Each attempt has its own Tx, so the callbacks of one that failed are dropped with it.
    const { tx, value } = await this.writes.track(() => retryTransaction(isWriteConflict, () => this.#attempt(work)));
    tx.runAfterCommit((error) => {
      this.#logger.error(error);
    });
    return value;
  }

  queryInWorker<R>(text: string, parameters: SqlParameters = {}): Promise<readonly R[]> {
    return this.committed.rows<R>(text, parameters);
  }

  async ping(): Promise<number> {
    const start = performance.now();
    await this.source.query('SELECT 1');
    return performance.now() - start;
  }

  async sizeBytes(): Promise<number> {
    const rows: { size: string }[] = await this.source.query('SELECT pg_database_size(current_database()) AS size');
    return Number(rows[0]?.size ?? 0);
  }

  reclaimSpace(): Promise<number> {
    return Promise.resolve(0);
  }

  copyTo(): Promise<void> {
    const message = 'This installation stores its data in PostgreSQL; back it up with pg_dump.';
    return Promise.reject(new DomainError('BACKUP_NOT_SUPPORTED', message));
  }

  async close(): Promise<void> {
    if (this.source.isInitialized) await this.source.destroy();
  }

  #attempt<T>(work: (tx: Tx) => Promise<T>): Promise<{ readonly tx: Tx; readonly value: T }> {
    const counted = withRowsCounted(work);
    return this.source.transaction(async (manager) => {
      const tx = new Tx(this.source, new PostgresStatements(manager));
      try {
        return { tx, value: await runInTransactionScope(() => counted(tx)) };
      } finally {
        tx.close();
      }
    });
  }
}
