import type { DataSource, EntityMetadata, ObjectLiteral } from 'typeorm';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';

/** Texts are written in code, so there are few; texts assembled on each call must not fill the memory. */
const MAX_TEXTS = 500;

const made = new WeakMap<EntityMetadata, object>();

/** The class of an entity. */
export type EntityClass<E extends object = object> = new () => E;

/** A row as the driver returns it. */
export type RawRow = Readonly<Record<string, unknown>>;

/** A statement and its parameters. */
export interface Statement {
  readonly text: string;
  readonly parameters: Record<string, unknown>;
}

/** What an UPDATE sets: a value, or a function that returns SQL. */
export type Changes<E> = Partial<{ [K in keyof E]: E[K] | (() => string) }>;

/** The statements of `entity` in this database. */
export const entitySql = <E extends object>(source: DataSource, entity: EntityClass<E>): EntitySql<E> => {
  const metadata = source.getMetadata(entity);
  const known = made.get(metadata) as EntitySql<E> | undefined;
  if (known) return known;
  const sql = new EntitySql<E>(source, metadata);
  made.set(metadata, sql);
  return sql;
};

/**
 * The statements of one entity, without TypeORM's query builder: each text is assembled once. Rows and changes name
 * properties; conditions are SQL and name columns.
 */
export class EntitySql<E extends object> {
  readonly table: string;
  readonly columns: readonly ColumnMetadata[];
  readonly #insert: string;
  readonly #upsert: string;
  readonly #selectList: string;
  readonly #selects = new Map<string, string>();

  constructor(
    readonly source: DataSource,
    private readonly metadata: EntityMetadata,
  ) {
    this.table = `"${metadata.tableName}"`;
    this.columns = metadata.columns.filter((column) => column.isInsert && !column.isVirtual);
    const places = this.columns.map(({ databaseName }) => `:${databaseName}`).join(', ');
    this.#selectList = this.columns.map(quoted).join(', ');
    this.#insert = `INSERT INTO ${this.table} (${this.#selectList}) VALUES (${places})`;
    const replaced = this.columns
      .filter(({ isPrimary }) => !isPrimary)
      .map((one) => `${quoted(one)} = excluded.${quoted(one)}`);
    const key = metadata.primaryColumns.map(quoted).join(', ');
    this.#upsert = `${this.#insert} ON CONFLICT (${key}) DO UPDATE SET ${replaced.join(', ')}`;
  }

  insert(row: E): Statement {
    return { text: this.#insert, parameters: this.#valuesOf(row) };
  }

  /** Does nothing where a row with one of its unique keys is there already. */
  insertIfAbsent(row: E): Statement {
    return { text: `${this.#insert} ON CONFLICT DO NOTHING`, parameters: this.#valuesOf(row) };
  }

  /** Replaces every other column where a row with its primary key is there already. */
  upsert(row: E): Statement {
    return { text: this.#upsert, parameters: this.#valuesOf(row) };
  }

  update(changes: Changes<E>, condition: string): Statement {
    const parameters: Record<string, unknown> = {};
    const assignments = Object.entries(changes as ObjectLiteral).flatMap(([property, value]) => {
      if (value === undefined) return [];
      const column = this.column(property);
      if (typeof value === 'function') return [`${quoted(column)} = ${(value as () => string)()}`];
      parameters[`set_${column.databaseName}`] = this.#stored(column, changes);
      return [`${quoted(column)} = :set_${column.databaseName}`];
    });
    return { text: `UPDATE ${this.table} SET ${assignments.join(', ')} WHERE ${condition}`, parameters };
  }

  delete(condition: string): string {
    return `DELETE FROM ${this.table} WHERE ${condition}`;
  }

  /** `condition` may go on with ORDER BY and LIMIT. */
  select(condition: string): string {
    const known = this.#selects.get(condition);
    if (known !== undefined) return known;
    const text = `SELECT ${this.#selectList} FROM ${this.table} WHERE ${condition}`;
    if (this.#selects.size >= MAX_TEXTS) this.#selects.clear();
    this.#selects.set(condition, text);
    return text;
  }

  count(condition: string): string {
    return `SELECT COUNT(*) AS total FROM ${this.table} WHERE ${condition}`;
  }

  /** The entity of one row, whose columns carry `prefix` before their names. */
  hydrate(row: RawRow, prefix = ''): E {
    const entity = this.metadata.create() as E;
    for (const column of this.columns) {
      const value: unknown = row[prefix + column.databaseName];
      column.setEntityValue(entity, this.source.driver.prepareHydratedValue(value, column));
    }
    return entity;
  }

  /** @throws Error for a property that is not stored */
  column(property: string): ColumnMetadata {
    const column = this.metadata.findColumnWithPropertyName(property);
    if (!column) throw new Error(`${this.metadata.name} has no column for ${property}.`);
    return column;
  }

  #valuesOf(row: object): Record<string, unknown> {
    return Object.fromEntries(this.columns.map((column) => [column.databaseName, this.#stored(column, row)] as const));
  }

  #stored(column: ColumnMetadata, row: object): unknown {
    return this.source.driver.preparePersistentValue(column.getEntityValue(row), column) ?? null;
  }
}

const quoted = ({ databaseName }: ColumnMetadata): string => `"${databaseName}"`;

/** An entity's columns in a handwritten SELECT that has more than one table, and its rows back as entities. */
export class EntityColumns<E extends object> {
  /** For the select list: every column under a name of its own. */
  readonly select: string;
  readonly #prefix: string;

  constructor(
    private readonly sql: EntitySql<E>,
    alias: string,
  ) {
    this.#prefix = `${alias}_`;
    this.select = sql.columns
      .map((column) => `${alias}.${quoted(column)} AS "${this.#prefix}${column.databaseName}"`)
      .join(', ');
  }

  /** The entity of one row of such a SELECT. */
  hydrate(row: RawRow): E {
    return this.sql.hydrate(row, this.#prefix);
  }
}
