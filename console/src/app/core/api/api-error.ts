import { HttpErrorResponse } from '@angular/common/http';
import type { ErrorEnvelope, ValidationIssue } from '#contracts';

/** A failed call, in the server's words; `OFFLINE` when the server did not answer. */
export class ApiError extends Error {
  constructor(
    /** A code of the contract, or `OFFLINE`. */
    readonly code: string,
    message: string,
    readonly status: number,
    readonly requestId: string | null,
    /** The refused fields, by path. */
    readonly issues: readonly ValidationIssue[] = [],
    readonly details: unknown = null,
  ) {
    super(message);
    this.name = 'ApiError';
  }
}

const isErrorEnvelope = (body: unknown): body is ErrorEnvelope =>
  typeof body === 'object' && body !== null && 'error' in body && typeof body.error === 'object';

const issuesOf = (details: unknown): readonly ValidationIssue[] =>
  typeof details === 'object' && details !== null && 'issues' in details && Array.isArray(details.issues)
    ? (details.issues as ValidationIssue[])
    : [];

/** Whatever a call threw, as an {@link ApiError}. */
export const toApiError = (thrown: unknown): ApiError => {
  if (thrown instanceof ApiError) return thrown;
  if (!(thrown instanceof HttpErrorResponse)) return new ApiError('UNEXPECTED', String(thrown), 0, null);
  const requestId = thrown.headers.get('x-request-id');
  const body: unknown = thrown.error;
  if (isErrorEnvelope(body)) {
    const { code, message, details } = body.error;
    return new ApiError(code, message, thrown.status, requestId, issuesOf(details), details);
  }
  return thrown.status === 0
    ? new ApiError('OFFLINE', 'The server does not answer.', 0, null)
    : new ApiError('UNEXPECTED', thrown.message, thrown.status, requestId);
};
