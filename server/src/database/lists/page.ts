import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import { DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE, type Page, type Pagination } from '#contracts';
import { ApiPropertyOptional } from './openapi.js';

/** One page of a list; the envelope has `pagination` beside `data`. */
export class PageResult<T> implements Page<T> {
  constructor(
    readonly data: readonly T[],
    readonly pagination: Pagination,
  ) {}
}

/** Rows and how many there are in all, as repositories return them. */
export interface Rows<T> {
  readonly rows: readonly T[];
  readonly total: number;
  readonly nextCursor?: string;
}

/** Builds the page a service returns from a repository's rows. */
export const toPage = <R, T>(query: PageQuery, found: Rows<R>, map: (row: R) => T): PageResult<T> =>
  new PageResult(found.rows.map(map), {
    page: query.page,
    pageSize: query.pageSize,
    total: found.total,
    ...(found.nextCursor !== undefined && { nextCursor: found.nextCursor }),
  });

/** Digits become a number; anything else stays as it is, for `@IsInt` to refuse. */
export const ToInt = () => Transform(({ value }: { value: unknown }) => toInt(value));
const toInt = (value: unknown): unknown =>
  typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;

/** A filter given once or several times becomes a list. */
export const ToList = () =>
  Transform(({ value }: { value: unknown }) => (value === undefined ? undefined : [value].flat()));

/** `true` and `false` become booleans; anything else stays as it is, for `@IsBoolean` to refuse. */
export const ToFlag = () =>
  Transform(({ value }: { value: unknown }) => (value === 'true' ? true : value === 'false' ? false : value));

export const MAX_SEARCH_LENGTH = 200;

/** The number of a page, from 1; one out of range is refused, never clamped. */
export const IsPageNumber = () =>
  applyDecorators(
    ApiPropertyOptional({ type: 'integer', minimum: 1, default: 1 }),
    IsOptional(),
    ToInt(),
    IsInt(),
    Min(1),
    Max(1_000_000_000),
  );

/** How many rows a page has at most; one out of range is refused, never clamped. */
export const IsPageSize = () =>
  applyDecorators(
    ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: MAX_PAGE_SIZE, default: DEFAULT_PAGE_SIZE }),
    IsOptional(),
    ToInt(),
    IsInt(),
    Min(1),
    Max(MAX_PAGE_SIZE),
  );

/** An opaque cursor, which takes the place of the number of a page. */
export const IsCursor = () =>
  applyDecorators(
    ApiPropertyOptional({ description: '`pagination.nextCursor` of the page before; takes the place of `page`.' }),
    IsOptional(),
    IsString(),
    MaxLength(200),
  );

/** Which page of a list. */
export class PageQuery {
  @IsPageNumber()
  page = 1;

  @IsPageSize()
  pageSize: number = DEFAULT_PAGE_SIZE;
}
