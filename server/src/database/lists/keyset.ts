import type { ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import { validationFailed } from '../../common/errors.js';
import type { SortTerm } from './page.js';

/** Where a page of a list ordered by time and id ended. */
export interface Position {
  readonly at: Date;
  readonly id: string;
}

type Sort = readonly SortTerm<string>[];

/** The opaque cursor that continues after `position`. */
export const encodeCursor = (position: Position): string =>
  Buffer.from(`${position.at.getTime()}.${position.id}`).toString('base64url');

/** @throws VALIDATION_FAILED for anything {@link encodeCursor} did not make */
export const decodeCursor = (cursor: string): Position => {
  const [, at, id] = /^(\d{1,15})\.([a-z]{3}_[0-9A-Z]{26})$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  if (at === undefined || id === undefined) {
    throw validationFailed([{ path: 'cursor', message: 'cursor must be the nextCursor of an earlier page' }]);
  }
  return { at: new Date(Number(at)), id };
};

/** Restricts a query ordered newest first to the rows after `position`: equally fast at any depth. */
export const afterCursor = <T extends ObjectLiteral>(
  query: SelectQueryBuilder<T>,
  alias: string,
  position: Position,
): SelectQueryBuilder<T> =>
  // As a pair, so that the index on both is entered at that position.
  query.andWhere(`(${alias}.created_at, ${alias}.id) < (:cursorAt, :cursorId)`, positionParameters(position));

/** The parameters of {@link afterCursor}. */
export const positionParameters = ({ at, id }: Position) => ({ cursorAt: at.getTime(), cursorId: id });

const isNewestFirst = ([first, ...others]: Sort): boolean =>
  first?.field === 'createdAt' && first.direction === 'DESC' && others.length === 0;

/**
 * The position from which a list continues; null without a cursor.
 * @throws VALIDATION_FAILED for a cursor that no page returned, or one combined with an order other than newest first
 */
export const parseCursor = (cursor: string | undefined, sort: Sort): Position | null => {
  if (cursor === undefined) return null;
  if (isNewestFirst(sort)) return decodeCursor(cursor);
  throw validationFailed([{ path: 'cursor', message: 'cursor works with the default order only; leave out sort' }]);
};

/** The first `size` of `size + 1` rows, and the cursor that continues if there are more and the order is newest first. */
export const takePage = <T extends { readonly id: string; readonly createdAt: Date }>(
  rows: readonly T[],
  size: number,
  sort: Sort,
): { readonly rows: readonly T[]; readonly nextCursor?: string } => {
  const page = rows.slice(0, size);
  const last = page.at(-1);
  const isMore = rows.length > size && isNewestFirst(sort);
  return isMore && last
    ? { rows: page, nextCursor: encodeCursor({ at: last.createdAt, id: last.id }) }
    : { rows: page };
};
