import type { ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import { validationFailed } from '../common/errors/domain-error.js';

/** Where a page of a list ordered by time and id ended. */
export interface Position {
  readonly at: Date;
  readonly id: string;
}

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

/** Restricts a query ordered newest first to what comes after `position`: as fast at any depth as at the start. */
export const afterPosition = <T extends ObjectLiteral>(
  query: SelectQueryBuilder<T>,
  alias: string,
  { at, id }: Position,
): SelectQueryBuilder<T> =>
  query.andWhere(`(${alias}.created_at < :cursorAt OR (${alias}.created_at = :cursorAt AND ${alias}.id < :cursorId))`, {
    cursorAt: at.getTime(),
    cursorId: id,
  });

/** A `LIKE` pattern that finds `text` anywhere, with `%` and `_` meaning themselves; use with `ESCAPE '\'`. */
export const containing = (text: string): string => `%${text.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`;
