import { applyDecorators } from '@nestjs/common';
import { IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import { DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE } from '#contracts';
import { ToInt } from './fields.js';

/** The number of a page, from 1; one out of range is refused, never clamped. */
export const IsPageNumber = () => applyDecorators(IsOptional(), ToInt(), IsInt(), Min(1), Max(1_000_000_000));

/** How many rows a page has at most; one out of range is refused, never clamped. */
export const IsPageSize = () => applyDecorators(IsOptional(), ToInt(), IsInt(), Min(1), Max(MAX_PAGE_SIZE));

/** An opaque cursor, which takes the place of the number of a page. */
export const IsCursor = () => applyDecorators(IsOptional(), IsString(), MaxLength(200));

/** Which page of a list. */
export class PageQuery {
  @IsPageNumber()
  page = 1;

  @IsPageSize()
  pageSize: number = DEFAULT_PAGE_SIZE;
}
