import type { DataSource, EntityMetadata, ObjectLiteral } from 'typeorm';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';

type EntityClass<E> = new () => E;

/** What is made once of each entity, because it is needed with every row. */
interface EntityParts {
  readonly metadata: EntityMetadata;
  readonly columns: readonly ColumnMetadata[];
  readonly insert: string;
}

const columnsOf = (metadata: EntityMetadata): readonly ColumnMetadata[] =>
  metadata.columns.filter((column) => column.isInsert && !column.isVirtual);

const made = new WeakMap<EntityMetadata, EntityParts>();

const partsOf = (source: DataSource, entity: EntityClass<object>): EntityParts => {
  const metadata = source.getMetadata(entity);
  const known = made.get(metadata);
  if (known) return known;
  const columns = columnsOf(metadata);
  const names = columns.map(({ databaseName }) => `"${databaseName}"`).join(', ');
  const places = columns.map(({ databaseName }) => `:${databaseName}`).join(', ');
  const parts = { metadata, columns, insert: `INSERT INTO "${metadata.tableName}" (${names}) VALUES (${places})` };
  made.set(metadata, parts);
  return parts;
};

/** A statement and its parameters. */
export interface Statement {
  readonly text: string;
  readonly parameters: Record<string, unknown>;
}

const stored = (source: DataSource, column: ColumnMetadata, row: object): unknown =>
  source.driver.preparePersistentValue(column.getEntityValue(row), column) ?? null;

/** The statement that inserts a complete row: what the query builder would make, without building it each time. */
export const insertStatement = (source: DataSource, entity: EntityClass<object>, row: object): Statement => {
  const { columns, insert } = partsOf(source, entity);
  const parameters = Object.fromEntries(
    columns.map((column) => [column.databaseName, stored(source, column, row)] as const),
  );
  return { text: insert, parameters };
};

/** The statement that sets `changes` (values, or functions that give SQL) where `condition` holds. */
export const updateStatement = (
  source: DataSource,
  entity: EntityClass<object>,
  changes: ObjectLiteral,
  condition: string,
): Statement => {
  const { metadata } = partsOf(source, entity);
  const parameters: Record<string, unknown> = {};
  const assignments = Object.entries(changes).flatMap(([property, value]) => {
    const column = metadata.findColumnWithPropertyName(property);
    if (!column) throw new Error(`${metadata.name} has no column for ${property}.`);
    if (value === undefined) return [];
    if (typeof value === 'function') return [`"${column.databaseName}" = ${(value as () => string)()}`];
    parameters[`set_${column.databaseName}`] = stored(source, column, changes);
    return [`"${column.databaseName}" = :set_${column.databaseName}`];
  });
  return { text: `UPDATE "${metadata.tableName}" SET ${assignments.join(', ')} WHERE ${condition}`, parameters };
};

/** The table an entity is kept in. */
export const tableOf = (source: DataSource, entity: EntityClass<object>): string =>
  `"${source.getMetadata(entity).tableName}"`;

/** An entity's columns in a SELECT that is written by hand, and its rows back as entities. */
export class EntityColumns<E extends object> {
  /** For the select list: every column under a name of its own. */
  readonly list: string;
  readonly #source: DataSource;
  readonly #metadata: EntityMetadata;
  readonly #columns: readonly ColumnMetadata[];
  readonly #alias: string;

  constructor(source: DataSource, entity: EntityClass<E>, alias: string) {
    this.#source = source;
    this.#metadata = source.getMetadata(entity);
    this.#alias = alias;
    this.#columns = columnsOf(this.#metadata);
    this.list = this.#columns
      .map(({ databaseName }) => `${alias}."${databaseName}" AS "${alias}_${databaseName}"`)
      .join(', ');
  }

  /** The entity of one row of such a SELECT. */
  read(row: Readonly<Record<string, unknown>>): E {
    const entity = this.#metadata.create() as E;
    for (const column of this.#columns) {
      const value: unknown = row[`${this.#alias}_${column.databaseName}`];
      column.setEntityValue(entity, this.#source.driver.prepareHydratedValue(value, column));
    }
    return entity;
  }
}
