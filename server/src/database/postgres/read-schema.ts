import type { DataSource } from 'typeorm';
import { type FoundSchema, MIGRATIONS_TABLE } from '../migrations/schema-state.js';

/** Without what belongs to an extension, such as the tables of PostGIS. */
const TABLES = `SELECT c.relname AS name FROM pg_class c
  WHERE c.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema()) AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
    AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')`;

const IS_RECORD = `SELECT 1 FROM information_schema.columns
  WHERE table_schema = current_schema() AND table_name = '${MIGRATIONS_TABLE}' AND column_name = 'name'`;

/** Reads which tables and migrations the schema of a PostgreSQL connection has. */
export const readPostgresSchema = async (source: DataSource): Promise<FoundSchema> => {
  const namesOf = async (sql: string): Promise<string[]> => {
    const rows: readonly { readonly name: string }[] = await source.query(sql);
    return rows.map(({ name }) => name);
  };
  const isRecord = (await source.query<unknown[]>(IS_RECORD)).length > 0;
  const tables = await namesOf(TABLES);
  return { tables, recorded: isRecord ? await namesOf(`SELECT name FROM ${MIGRATIONS_TABLE}`) : [] };
};
