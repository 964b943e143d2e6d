import type { Page, Pagination } from '#contracts';
import { validationFailed } from '../../common/errors.js';

/** One page of a list; the envelope has `pagination` beside `data`. */
export class PageResult<T> implements Page<T> {
  constructor(
    readonly data: readonly T[],
    readonly pagination: Pagination,
  ) {}
}

/** The rows of a page and the total number of rows, as repositories return them. */
export interface Rows<T> {
  readonly rows: readonly T[];
  readonly total: number;
  readonly nextCursor?: string;
}

/** Builds the page a service returns from a repository's rows. */
export const toPage = <R, T>(
  query: { readonly page: number; readonly pageSize: number },
  found: Rows<R>,
  map: (row: R) => T,
): PageResult<T> =>
  new PageResult(found.rows.map(map), {
    page: query.page,
    pageSize: query.pageSize,
    total: found.total,
    ...(found.nextCursor !== undefined && { nextCursor: found.nextCursor }),
  });

/** One term of an order; `field` is a property. */
export interface SortTerm<F extends string> {
  readonly field: F;
  readonly direction: 'ASC' | 'DESC';
}

/**
 * Parses `sort=-createdAt,name`. `fields` maps each accepted name to the field it sorts by, so a field can have aliases.
 * @throws VALIDATION_FAILED for a name that is not listed
 */
export const parseSort = <F extends string>(
  sort: string | undefined,
  fields: Readonly<Record<string, F>>,
  fallback: readonly SortTerm<F>[],
): readonly SortTerm<F>[] => {
  if (sort === undefined || sort === '') return fallback;
  return sort.split(',').map((term) => {
    const name = term.replace(/^-/, '');
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (field === undefined) {
      const known = Object.keys(fields).join(', ');
      throw validationFailed([
        { path: 'sort', message: `sort must be one of ${known}, with - before it for descending` },
      ]);
    }
    return { field, direction: term.startsWith('-') ? 'DESC' : 'ASC' };
  });
};
