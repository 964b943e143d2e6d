import { applyDecorators } from '@nestjs/common';
import { IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import { DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE } from '#contracts';
import { ApiPropertyOptional } from '../openapi/openapi-decorators.js';
import { ToInt } from './fields.js';

/** Requires a page number, from 1; one out of range is rejected, never clamped. */
export const IsPageNumber = () =>
  applyDecorators(
    ApiPropertyOptional({ type: 'integer', minimum: 1, default: 1 }),
    IsOptional(),
    ToInt(),
    IsInt(),
    Min(1),
    Max(1_000_000_000),
  );

/** Requires a page size; one out of range is rejected, never clamped. */
export const IsPageSize = () =>
  applyDecorators(
    ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: MAX_PAGE_SIZE, default: DEFAULT_PAGE_SIZE }),
    IsOptional(),
    ToInt(),
    IsInt(),
    Min(1),
    Max(MAX_PAGE_SIZE),
  );

/** Requires an opaque cursor, which replaces the page number. */
export const IsCursor = () =>
  applyDecorators(
    ApiPropertyOptional({ description: '`pagination.nextCursor` of the previous page; replaces `page`.' }),
    IsOptional(),
    IsString(),
    MaxLength(200),
  );

/** The query of a paged list. */
export class PageQuery {
  @IsPageNumber()
  page = 1;

  @IsPageSize()
  pageSize: number = DEFAULT_PAGE_SIZE;
}
