import { Table, TableColumn, TableForeignKey, TableIndex, TableUnique, type TableColumnOptions } from 'typeorm';
import { ColumnType } from '../columns.js';

type Extra = Partial<Pick<TableColumnOptions, 'isNullable' | 'default'>>;

const column = (name: string, type: string, extra: Extra, length?: number): TableColumn =>
  new TableColumn({ name, type, ...(length !== undefined && { length: String(length) }), isNullable: false, ...extra });

export const NULLABLE: Extra = { isNullable: true };

/** Columns as migrations write them; not null unless stated. */
export const id = (name: string, extra: Extra = {}): TableColumn => column(name, ColumnType.id, extra, 40);
export const string = (name: string, length: number, extra: Extra = {}): TableColumn =>
  column(name, ColumnType.string, extra, length);
export const text = (name: string, extra: Extra = {}): TableColumn => column(name, ColumnType.text, extra);
export const json = (name: string, extra: Extra = {}): TableColumn => column(name, ColumnType.json, extra);
export const instant = (name: string, extra: Extra = {}): TableColumn => column(name, ColumnType.instant, extra);
export const integer = (name: string, extra: Extra = {}): TableColumn => column(name, ColumnType.integer, extra);
export const count = (name: string, extra: Extra = {}): TableColumn => column(name, ColumnType.count, extra);
export const boolean = (name: string, extra: Extra = {}): TableColumn => column(name, ColumnType.boolean, extra);

interface TableParts {
  /** The primary key; `id` by default. */
  readonly key?: TableColumn;
  readonly columns: readonly TableColumn[];
  readonly uniques?: readonly (readonly string[])[];
  readonly indices?: readonly (readonly string[])[];
  /** Column → table whose `id` it refers to; rows are deleted with the row they refer to. */
  readonly ownedBy?: Readonly<Record<string, string>>;
}

/** A table whose first column is the primary key, with every constraint and index named after its columns. */
export const table = (name: string, parts: TableParts): Table =>
  new Table({
    name,
    columns: [
      Object.assign(parts.key ?? id('id'), { isPrimary: true, primaryKeyConstraintName: `pk_${name}` }),
      ...parts.columns,
    ],
    uniques: (parts.uniques ?? []).map(
      (columns) => new TableUnique({ name: `uq_${name}_${columns.join('_')}`, columnNames: [...columns] }),
    ),
    indices: (parts.indices ?? []).map(
      (columns) => new TableIndex({ name: `ix_${name}_${columns.join('_')}`, columnNames: [...columns] }),
    ),
    foreignKeys: Object.entries(parts.ownedBy ?? {}).map(
      ([columnName, referencedTableName]) =>
        new TableForeignKey({
          name: `fk_${name}_${columnName}`,
          columnNames: [columnName],
          referencedTableName,
          referencedColumnNames: ['id'],
          onDelete: 'CASCADE',
        }),
    ),
  });
