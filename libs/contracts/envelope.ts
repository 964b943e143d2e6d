import type { ErrorCode } from './errors.js';

export interface Pagination {
  /** 1-based. */
  readonly page: number;
  readonly pageSize: number;
  /** Number of rows that match the filter, on all pages. */
  readonly total: number;
  /** Opaque; present on lists with cursors while there are more rows. */
  readonly nextCursor?: string;
}

/** One page of a list, as services return it. */
export interface Page<T> {
  readonly data: readonly T[];
  readonly pagination: Pagination;
}

export interface SuccessEnvelope<T> {
  readonly success: true;
  readonly data: T;
  readonly pagination?: Pagination;
}

export interface ErrorBody {
  readonly code: ErrorCode;
  readonly message: string;
  readonly details?: unknown;
}

export interface ErrorEnvelope {
  readonly success: false;
  readonly error: ErrorBody;
}

export type Envelope<T> = SuccessEnvelope<T> | ErrorEnvelope;

export const DEFAULT_PAGE_SIZE = 20;
export const MAX_PAGE_SIZE = 100;

/** A JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export interface JsonObject {
  readonly [key: string]: Json;
}
