import type { DatabaseKind } from '#contracts';
import { DatabaseOpenError } from './errors.js';

/** Runs a SELECT without parameters. */
type RunSelect = (text: string) => Promise<readonly { readonly kind: string; readonly name: string }[]>;

const ON_SQLITE = `SELECT type AS kind, name FROM sqlite_master WHERE type IN ('trigger', 'view')
  UNION ALL SELECT 'virtual table', name FROM sqlite_master WHERE type = 'table' AND sql LIKE 'CREATE VIRTUAL%'
  ORDER BY 1, 2`;

/** What an extension brought along, such as the views of `pg_stat_statements`, is nobody's trick. */
const ON_POSTGRES = `WITH own AS (SELECT oid, relname, relkind, relrowsecurity FROM pg_class WHERE relnamespace = current_schema()::regnamespace
    AND NOT EXISTS (SELECT 1 FROM pg_depend WHERE objid = pg_class.oid AND deptype = 'e'))
  SELECT 'trigger' AS kind, tgname::text AS name FROM pg_trigger JOIN own ON own.oid = tgrelid WHERE NOT tgisinternal
  UNION ALL SELECT 'rule', rulename::text FROM pg_rewrite JOIN own ON own.oid = ev_class WHERE relkind IN ('r', 'p')
  UNION ALL SELECT 'view', relname::text FROM own WHERE relkind IN ('v', 'm', 'f')
  UNION ALL SELECT 'row security', relname::text FROM own WHERE relrowsecurity
  ORDER BY 1, 2`;

/**
 * The objects in the database that this program never creates and that decide what its statements really do, such as
 * `trigger quiet`: triggers, views, and on PostgreSQL rules and row security. Empty when there are none.
 */
export const findForeignObjects = async (kind: DatabaseKind, select: RunSelect): Promise<readonly string[]> => {
  const found = await select(kind === 'sqlite' ? ON_SQLITE : ON_POSTGRES);
  return found.map((object) => `${object.kind} ${object.name}`);
};

/** @throws DatabaseOpenError when the database has {@link findForeignObjects} */
export const refuseForeignObjects = async (kind: DatabaseKind, select: RunSelect): Promise<void> => {
  const objects = await findForeignObjects(kind, select);
  if (objects.length === 0) return;
  throw new DatabaseOpenError(
    'FOREIGN_OBJECTS',
    `The database has objects that Opstage CE did not create and that could silence its audit: ${objects.join(', ')}. Find out who created them, and drop them.`,
  );
};
