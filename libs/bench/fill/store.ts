import { dirname } from 'node:path';
import type { EntityManager } from 'typeorm';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';
import { built } from '../server/repository.js';

/** A row by property names; what is left out becomes its default, null, or the emptiest value of its type. */
export type Row = Readonly<Record<string, unknown>>;

/** The server's own database class, as far as it is used here. */
interface ServerDatabase {
  transaction<T>(work: (tx: { readonly manager: EntityManager }) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

interface OpenDatabaseModule {
  readonly openDatabase: (config: object, entities: readonly EntityClass[]) => Promise<ServerDatabase>;
}

interface AuditChainModules {
  readonly AuditChain: new (
    chain: object,
    db: ServerDatabase,
    clock: object,
    config: { readonly sessionSecrets: readonly string[]; readonly dataDir: string },
  ) => { sealNew(sealing: { readonly isInHurry: boolean }): Promise<number> };
  readonly ChainRepository: new (db: ServerDatabase) => object;
  readonly SystemClock: new () => object;
}

type EntityClass = new () => object;

/** Rows of one INSERT, which may have 32,766 values. */
const ROWS_PER_STATEMENT = 500;
const STATEMENTS_PER_COMMIT = 20;

/** A store opened and migrated by the compiled server's own code. */
export interface Store {
  /** Inserts `count` rows into the table of the entity with this class name. */
  insert(entityName: string, count: number, rowOf: (index: number) => Row): Promise<void>;
  /** Seals every audit event, as the server does within a second of each. */
  seal(sessionSecret: string): Promise<void>;
  close(): Promise<void>;
}

/** Opens the store in `file`. Needs the built server. */
export const openStore = async (file: string, backupDir: string): Promise<Store> => {
  const { openDatabase } = (await import(built('server/database/open-database.js').href)) as OpenDatabaseModule;
  const { entities } = (await import(built('server/entities.js').href)) as { entities: readonly EntityClass[] };
  const db = await openDatabase({ database: { kind: 'sqlite', file, url: '' }, backupDir }, entities);
  return {
    insert: async (entityName, count, rowOf) => {
      const entity = entities.find(({ name }) => name === entityName);
      if (!entity) throw new Error(`The server has no ${entityName}.`);
      const step = ROWS_PER_STATEMENT * STATEMENTS_PER_COMMIT;
      for (let from = 0; from < count; from += step) {
        const rows = Array.from({ length: Math.min(step, count - from) }, (_, offset) => rowOf(from + offset));
        await db.transaction(({ manager }) => insertAll(manager, entity, rows));
      }
    },
    seal: async (sessionSecret) => {
      const { AuditChain, ChainRepository, SystemClock } = await auditChain();
      const config = { sessionSecrets: [sessionSecret], dataDir: dirname(file) };
      await new AuditChain(new ChainRepository(db), db, new SystemClock(), config).sealNew({ isInHurry: true });
    },
    close: () => db.close(),
  };
};

const auditChain = async (): Promise<AuditChainModules> => {
  const parts = ['modules/audit/chain/audit-chain', 'modules/audit/chain/chain.repository', 'common/time/clock'];
  const modules = await Promise.all(parts.map((part) => import(built(`server/${part}.js`).href) as Promise<object>));
  return Object.assign({}, ...modules) as AuditChainModules;
};

/** By one statement of the same text each time, which the query builder would write anew for every row. */
const insertAll = async (manager: EntityManager, entity: EntityClass, rows: readonly Row[]): Promise<void> => {
  const { driver } = manager.dataSource;
  const { columns, tablePath } = manager.dataSource.getMetadata(entity);
  const names = columns.map(({ databaseName }) => driver.escape(databaseName)).join(', ');
  const places = `(${columns.map(() => '?').join(', ')})`;
  for (let from = 0; from < rows.length; from += ROWS_PER_STATEMENT) {
    const part = rows.slice(from, from + ROWS_PER_STATEMENT);
    const values = part.flatMap((row) =>
      columns.map((column) => driver.preparePersistentValue(valueOf(row, column), column) as unknown),
    );
    const sql = `INSERT INTO ${driver.escape(tablePath)} (${names}) VALUES ${part.map(() => places).join(', ')}`;
    await manager.query(sql, values);
  }
};

/** A column that came after the rows were written down here must not stop the benchmark: it gets the emptiest value. */
const valueOf = (row: Row, { propertyName, default: given, isNullable, type }: ColumnMetadata): unknown => {
  const value = row[propertyName] ?? given ?? null;
  if (value !== null || isNullable) return value;
  if (type === 'boolean') return false;
  return type === 'integer' || type === 'bigint' ? 0 : '';
};
