import { Column, type ColumnOptions, type DataSource, type ValueTransformer } from 'typeorm';
import type { DatabaseKind } from '#contracts';

/** Column types that mean the same on both databases; migrations and entities use these and no others. */
export const ColumnType = {
  id: 'varchar',
  string: 'varchar',
  text: 'text',
  /** Milliseconds since the epoch: orders and compares the same on both databases. */
  instant: 'bigint',
  integer: 'integer',
  /** A whole number that may outgrow 32 bits. */
  count: 'bigint',
  boolean: 'boolean',
  /** JSON as text: it is stored, shown and never queried. */
  json: 'text',
} as const;

const ID_LENGTH = 40;

const instantTransformer: ValueTransformer = {
  to: (value: unknown) => (value instanceof Date ? value.getTime() : value),
  from: (value: unknown) => (value === null || value === undefined ? null : new Date(Number(value))),
};

const countTransformer: ValueTransformer = {
  to: (value: unknown) => value,
  from: (value: unknown) => (value === null || value === undefined ? null : Number(value)),
};

const jsonTransformer: ValueTransformer = {
  to: (value: unknown) => (value === null || value === undefined ? null : JSON.stringify(value)),
  from: (value: unknown) => (typeof value === 'string' ? (JSON.parse(value) as unknown) : null),
};

type Options = Pick<ColumnOptions, 'nullable' | 'default'>;

export const IdColumn = (name: string, options: Options = {}) =>
  Column({ name, type: ColumnType.id, length: ID_LENGTH, ...options });

export const StringColumn = (name: string, length: number, options: Options = {}) =>
  Column({ name, type: ColumnType.string, length, ...options });

export const TextColumn = (name: string, options: Options = {}) => Column({ name, type: ColumnType.text, ...options });

/** A `Date` in code, milliseconds since the epoch in the database. */
export const InstantColumn = (name: string, options: Options = {}) =>
  Column({ name, type: ColumnType.instant, transformer: instantTransformer, ...options });

export const JsonColumn = (name: string, options: Options = {}) =>
  Column({ name, type: ColumnType.json, transformer: jsonTransformer, ...options });

export const IntegerColumn = (name: string, options: Options = {}) =>
  Column({ name, type: ColumnType.integer, ...options });

export const CountColumn = (name: string, options: Options = {}) =>
  Column({ name, type: ColumnType.count, transformer: countTransformer, ...options });

export const BooleanColumn = (name: string, options: Options = {}) =>
  Column({ name, type: ColumnType.boolean, ...options });

export const kindOf = ({ options }: DataSource): DatabaseKind => (options.type === 'postgres' ? 'postgres' : 'sqlite');
