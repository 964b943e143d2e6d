import type { SelectQueryBuilder } from 'typeorm';
import type { DatabaseKind } from '#contracts';
import type { Database } from '../database.js';
import type { EntityClass } from '../sql/entity-sql.js';
import type { SqlParameters } from '../sql/named-parameters.js';
import { afterCursor, parseCursor, takePage } from './keyset.js';
import type { Rows, SortTerm } from './page.js';

/** A count of more rows, or one that took longer, is used again for a while: a few rows more or less hardly matter then. */
const MANY = 20_000;
const SLOW_MS = 200;
const FRESH_MS = 10_000;
const MAX_REMEMBERED = 200;

interface RememberedTotal {
  readonly total: number;
  readonly countedAt: number;
  isCounting: boolean;
}

interface ListOptions {
  /** The list can be continued by a cursor. Rows that compare equal then follow the direction of the last sort term. */
  readonly hasCursors?: boolean;
  /** The order, by id, of rows that compare equal; ascending unless given. */
  readonly tieBreak?: 'ASC' | 'DESC';
}

/** Which page of a list, in which order; `sort` names properties. */
export interface ListRequest<F extends string = string> {
  readonly sort: readonly SortTerm<F>[];
  readonly page: number;
  readonly pageSize: number;
  readonly cursor?: string;
}

/** How to read the rows of a page when they are more than entities. */
interface RowSource<Id, R> {
  /** In any order; rows that are gone are left out. */
  read(ids: Id[]): Promise<readonly R[]>;
  idOf(row: R): Id;
}

interface FoundRow<Id> {
  readonly id: Id;
  readonly at: string | number;
}

/**
 * Reads lists without delaying the serving thread: a worker counts the rows and finds the ids of a page, however deep the
 * page and however many rows a search passes over. The page's rows are then read by id.
 */
export class ListReader<E extends { readonly id: string }> {
  readonly #totals = new Map<string, RememberedTotal>();

  constructor(
    private readonly db: Database,
    private readonly entity: EntityClass<E>,
    private readonly options: ListOptions = {},
  ) {}

  /** How many rows the query finds: exact when that is quick, else as it was up to ten seconds ago. */
  async count(query: SelectQueryBuilder<E>): Promise<number> {
    const counting = query.clone().select('COUNT(*)', 'total').orderBy();
    const [text, parameters] = [counting.getQuery(), counting.getParameters()];
    const key = `${text} ${JSON.stringify(parameters)}`;
    const known = this.#totals.get(key);
    if (!known) return this.#count(key, text, parameters);
    if (performance.now() - known.countedAt > FRESH_MS && !known.isCounting) {
      known.isCounting = true;
      this.#count(key, text, parameters).catch(() => {
        this.#totals.delete(key);
      });
    }
    return known.total;
  }

  /**
   * One page of what the query finds, and how many rows it finds in all. The query has the filter; this adds the order.
   * @throws VALIDATION_FAILED for a cursor that does not fit
   */
  page(query: SelectQueryBuilder<E>, request: ListRequest<keyof E & string>): Promise<Rows<E>>;
  page<R>(
    query: SelectQueryBuilder<E>,
    request: ListRequest<keyof E & string>,
    source: RowSource<E['id'], R>,
  ): Promise<Rows<R>>;
  async page(
    query: SelectQueryBuilder<E>,
    request: ListRequest<keyof E & string>,
    source: RowSource<E['id'], unknown> = this.#entities,
  ): Promise<Rows<unknown>> {
    const [{ ids, nextCursor }, total] = await Promise.all([this.#find(query.clone(), request), this.count(query)]);
    const rows = await readInOrder(
      ids,
      (some) => source.read(some),
      (row) => source.idOf(row),
    );
    return { rows, total, ...(nextCursor !== undefined && { nextCursor }) };
  }

  get #entities(): RowSource<E['id'], unknown> {
    return {
      read: (ids) => this.db.find(this.entity, 'id IN (:...ids)', { ids }),
      idOf: (row) => (row as E).id,
    };
  }

  async #find(query: SelectQueryBuilder<E>, { sort, page, pageSize, cursor }: ListRequest<keyof E & string>) {
    const { hasCursors = false, tieBreak = 'ASC' } = this.options;
    const position = parseCursor(cursor, sort);
    query.select(`${query.alias}.id`, 'id').orderBy();
    if (position) afterCursor(query, query.alias, position);
    else query.offset((page - 1) * pageSize);
    this.#order(query, sort, hasCursors ? (sort.at(-1)?.direction ?? 'DESC') : tieBreak);
    if (!hasCursors) return { ids: (await this.#rows(query.limit(pageSize))).map(({ id }) => id) };
    const found = await this.#rows(query.addSelect(`${query.alias}.created_at`, 'at').limit(pageSize + 1));
    const rows = found.map(({ id, at }) => ({ id, createdAt: new Date(Number(at)) }));
    const { rows: shown, nextCursor } = takePage(rows, pageSize, sort);
    return { ids: shown.map(({ id }) => id), nextCursor };
  }

  #order(query: SelectQueryBuilder<E>, sort: readonly SortTerm<string>[], tieBreak: 'ASC' | 'DESC'): void {
    const { alias } = query;
    for (const { field, direction } of sort) {
      const { column, isNullable } = this.db.columnOf(this.entity, field);
      // Named only where it matters: with it, PostgreSQL would not read an index in descending order.
      query.addOrderBy(`"${alias}"."${column}"`, direction, isNullable ? 'NULLS LAST' : undefined);
    }
    query.addOrderBy(`"${alias}"."id"`, tieBreak);
  }

  #rows(query: SelectQueryBuilder<E>): Promise<readonly FoundRow<E['id']>[]> {
    return this.db.queryInWorker(query.getQuery(), query.getParameters());
  }

  async #count(key: string, text: string, parameters: SqlParameters): Promise<number> {
    const startedAt = performance.now();
    const [row] = await this.db.queryInWorker<{ readonly total: string | number }>(text, parameters);
    const total = Number(row?.total ?? 0);
    const now = performance.now();
    this.#totals.delete(key);
    if (total > MANY || now - startedAt > SLOW_MS) this.#remember(key, total, now);
    return total;
  }

  #remember(key: string, total: number, countedAt: number): void {
    this.#totals.set(key, { total, countedAt, isCounting: false });
    const oldest = this.#totals.keys().next().value;
    if (this.#totals.size > MAX_REMEMBERED && oldest !== undefined) this.#totals.delete(oldest);
  }
}

/** The rows that `read` finds for `ids`, in their order; rows that are gone are left out. */
const readInOrder = async <Id extends string, R>(
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
    // SQLite's own LIKE ignores case for ASCII; other text goes through our own LOWER, which is slower.
    this.#needsLower = kind === 'postgres' || !isAscii(text);
  }

  /** SQL that holds where one of the columns contains the text; has the parameter `:q`. */
  in(...columns: readonly string[]): string {
    const like = (column: string): string => `${this.#needsLower ? `LOWER(${column})` : column} LIKE :q ESCAPE '\\'`;
    return `(${columns.map(like).join(' OR ')})`;
  }
}
