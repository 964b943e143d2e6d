import type { ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import type { DatabaseKind } from '#contracts';
import type { Database } from '../database.js';

/** A count of more, or that took longer, is used again for a while: some more or less change nothing then. */
const MANY = 20_000;
const SLOW_MS = 200;
const FRESH_MS = 10_000;
const MAX_REMEMBERED = 200;

interface Remembered {
  readonly total: number;
  readonly countedAt: number;
  counting: boolean;
}

/**
 * Counts what lists hold, beside the serving thread. What is counted quickly is exact; what takes long is told as it was
 * some seconds ago, and counted anew meanwhile.
 */
export class ListTotals {
  readonly #remembered = new Map<string, Remembered>();

  constructor(private readonly db: Database) {}

  /** How many rows the query finds; its order and limits do not matter. */
  async of<E extends ObjectLiteral>(query: SelectQueryBuilder<E>): Promise<number> {
    const [sql, values] = query.clone().select('COUNT(*)', 'total').orderBy().getQueryAndParameters();
    const key = `${sql} ${JSON.stringify(values)}`;
    const known = this.#remembered.get(key);
    if (!known) return this.#count(key, sql, values);
    if (performance.now() - known.countedAt > FRESH_MS && !known.counting) {
      known.counting = true;
      this.#count(key, sql, values).catch(() => {
        this.#remembered.delete(key);
      });
    }
    return known.total;
  }

  async #count(key: string, sql: string, values: readonly unknown[]): Promise<number> {
    const startedAt = performance.now();
    const [row] = await this.db.queryInWorker<{ readonly total: string | number }>(sql, values);
    const total = Number(row?.total ?? 0);
    const now = performance.now();
    this.#remembered.delete(key);
    if (total > MANY || now - startedAt > SLOW_MS) this.#remember(key, total, now);
    return total;
  }

  #remember(key: string, total: number, countedAt: number): void {
    this.#remembered.set(key, { total, countedAt, counting: false });
    const oldest = this.#remembered.keys().next().value;
    if (this.#remembered.size > MAX_REMEMBERED && oldest !== undefined) this.#remembered.delete(oldest);
  }
}

/**
 * The ids of the rows that a filtered, ordered and limited query finds, in its order. They are sought beside the serving
 * thread: however deep the page, and however many rows a search passes over, nobody waits for it but the caller.
 */
export const pageIds = async <E extends ObjectLiteral & { readonly id: string }>(
  db: Database,
  query: SelectQueryBuilder<E>,
): Promise<E['id'][]> => {
  const ids = query.clone().select(`${query.alias}.id`, 'id');
  const rows = await db.queryInWorker<{ readonly id: E['id'] }>(...ids.getQueryAndParameters());
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

/** A `LIKE` pattern that finds `text` anywhere, with `%` and `_` meaning themselves; use with `ESCAPE '\\'`. */
const containing = (text: string): string => `%${text.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`;

const isAscii = (text: string): boolean => /^[\0-\x7f]*$/.test(text);

/** A case-insensitive search for a part of a text. */
export class Search {
  /** The parameter `:q` of {@link in}. */
  readonly q: string;
  readonly #needsLower: boolean;

  constructor(kind: DatabaseKind, text: string) {
    this.q = containing(text);
    // SQLite's own LIKE knows the cases of ASCII; what else there is, is lowered by a function of ours, which takes longer.
    this.#needsLower = kind === 'postgres' || !isAscii(text);
  }

  /** The condition that one of the columns has the text in it, as SQL with the parameter `:q`. */
  in(...columns: readonly string[]): string {
    const like = (column: string): string => `${this.#needsLower ? `LOWER(${column})` : column} LIKE :q ESCAPE '\\'`;
    return `(${columns.map(like).join(' OR ')})`;
  }
}
