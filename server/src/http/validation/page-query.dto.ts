import { applyDecorators } from '@nestjs/common';
import { IsInt, IsOptional, IsString, Max, Min } from 'class-validator';
import { DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE } from '#contracts';
import { MaxLength, ToInt } from './fields.js';

/** Requires a page number, from 1; one out of range is rejected, never clamped. */
export const IsPageNumber = () => applyDecorators(IsOptional(), ToInt(), IsInt(), Min(1), Max(1_000_000_000));

/** Requires a page size; one out of range is rejected, never clamped. */
export const IsPageSize = () => applyDecorators(IsOptional(), ToInt(), IsInt(), Min(1), Max(MAX_PAGE_SIZE));

/** Requires an opaque cursor, which replaces the page number. */
export const IsCursor = () => applyDecorators(IsOptional(), IsString(), MaxLength(200));

/** The query of a paged list. */
export class PageQuery {
  @IsPageNumber()
  page = 1;

  @IsPageSize()
  pageSize: number = DEFAULT_PAGE_SIZE;
}
