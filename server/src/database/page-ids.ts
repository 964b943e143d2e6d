import type { ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import type { Database } from './database.js';

/**
 * The ids of the rows that a filtered, ordered and limited query finds, in its order. They are sought beside the serving
 * thread: however deep the page, and however many rows a search passes over, nobody waits for it but the caller.
 */
export const pageIds = async <E extends ObjectLiteral & { readonly id: string }>(
  db: Database,
  query: SelectQueryBuilder<E>,
): Promise<E['id'][]> => {
  const ids = query.clone().select(`${query.alias}.id`, 'id');
  const rows = await db.queryAside<{ readonly id: E['id'] }>(...ids.getQueryAndParameters());
  return rows.map(({ id }) => id);
};

/** What `read` finds for `ids`, in their order; what is gone meanwhile is left out. */
export const readInOrder = async <Id extends string, R>(
  ids: readonly Id[],
  read: (ids: Id[]) => Promise<readonly R[]>,
  idOf: (row: R) => Id,
): Promise<R[]> => {
  if (ids.length === 0) return [];
  const rows = new Map((await read([...ids])).map((row) => [idOf(row), row]));
  return ids.flatMap((id) => rows.get(id) ?? []);
};
