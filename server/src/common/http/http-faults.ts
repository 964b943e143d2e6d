import { HttpException } from '@nestjs/common';
import type { ErrorCode } from '#contracts';
import { DomainError } from '../errors/domain-error.js';

interface Fault {
  readonly code: ErrorCode;
  readonly message: string;
}

const UNREADABLE: Fault = { code: 'REQUEST_ERROR', message: 'The request cannot be read.' };

const FAULT_BY_STATUS: Readonly<Record<number, Fault>> = {
  400: UNREADABLE,
  401: { code: 'UNAUTHORIZED', message: 'Sign in, or send a valid token.' },
  403: { code: 'FORBIDDEN', message: 'You are not allowed to do this.' },
  404: { code: 'NOT_FOUND', message: 'There is nothing at this address.' },
  405: { code: 'METHOD_NOT_ALLOWED', message: 'This address does not answer this method.' },
  413: { code: 'PAYLOAD_TOO_LARGE', message: 'The request body is too large.' },
  415: { code: 'UNSUPPORTED_MEDIA_TYPE', message: 'Send the body as application/json in UTF-8.' },
  429: { code: 'RATE_LIMITED', message: 'Too many requests; try again later.' },
};

const statusOf = (error: unknown): number | null => {
  if (error instanceof HttpException) return error.getStatus();
  // body-parser and Express mark their own errors (http-errors) with a status the client may see.
  if (error instanceof Error && 'status' in error && typeof error.status === 'number') return error.status;
  return null;
};

/** The contract's error for one the framework threw; null when it is not a client's fault. */
export const frameworkFault = (error: unknown): DomainError | null => {
  const status = statusOf(error);
  if (status === null || status < 400 || status > 499) return null;
  const { code, message } = FAULT_BY_STATUS[status] ?? UNREADABLE;
  // A status that has no code of its own, such as 416 for a range of a static file, is still the right one.
  return new DomainError(code, message, { status, cause: error });
};
