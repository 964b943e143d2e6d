import type { EntityManager, EntityMetadata } from 'typeorm';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';
import { built } from '../server/repository.js';

/** A row by property names; what is left out becomes null, or the emptiest value of its type. */
export type Row = Readonly<Record<string, unknown>>;

/** The server's own database class, as far as it is used here. */
interface ServerDatabase {
  transaction<T>(work: (tx: { readonly manager: EntityManager }) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

interface OpenDatabaseModule {
  readonly openDatabase: (config: object, entities: readonly EntityClass[]) => Promise<ServerDatabase>;
}

type EntityClass = new () => object;

/** Rows of one INSERT, which may have 32,766 values. */
const ROWS_PER_STATEMENT = 500;
const STATEMENTS_PER_COMMIT = 20;

/** A store opened and migrated by the compiled server's own code. */
export interface Store {
  /** Inserts `count` rows into the table of the entity with this class name. */
  insert(entityName: string, count: number, rowOf: (index: number) => Row): Promise<void>;
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
    close: () => db.close(),
  };
};

const insertAll = async (manager: EntityManager, entity: EntityClass, rows: readonly Row[]): Promise<void> => {
  const metadata = manager.dataSource.getMetadata(entity);
  for (let from = 0; from < rows.length; from += ROWS_PER_STATEMENT) {
    const part = rows.slice(from, from + ROWS_PER_STATEMENT).map((row) => complete(metadata, row));
    await manager.createQueryBuilder().insert().into(entity).values(part).updateEntity(false).execute();
  }
};

/** A column that came after this was written must not stop the benchmark. */
const complete = ({ columns }: EntityMetadata, row: Row): Row => ({
  ...Object.fromEntries(
    columns
      .filter(({ default: given }) => given === undefined)
      .map((column) => [column.propertyName, emptyValue(column)]),
  ),
  ...row,
});

const emptyValue = ({ isNullable, type }: ColumnMetadata): unknown => {
  if (isNullable) return null;
  if (type === 'boolean') return false;
  return type === 'integer' || type === 'bigint' ? 0 : '';
};
