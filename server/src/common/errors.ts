import { ERROR_STATUS, type ErrorCode, type ValidationIssue } from '#contracts';

interface DomainErrorOptions {
  /** Structured, never prose. */
  readonly details?: unknown;
  /** Only where the contract gives a code two statuses; otherwise the code decides. */
  readonly status?: number;
  readonly retryAfterSeconds?: number;
  readonly cause?: unknown;
}

/** An error with a code of the contract. The message is a full sentence that a person can act on. */
export class DomainError extends Error {
  readonly details: unknown;
  readonly status: number;
  readonly retryAfterSeconds: number | undefined;

  constructor(
    readonly code: ErrorCode,
    message: string,
    options: DomainErrorOptions = {},
  ) {
    super(message, { cause: options.cause });
    this.name = 'DomainError';
    this.details = options.details;
    this.status = options.status ?? ERROR_STATUS[code];
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

/** For a well-formed request that breaks rules; one issue for each. */
export const validationFailed = (issues: readonly ValidationIssue[]): DomainError =>
  new DomainError('VALIDATION_FAILED', 'The request is not valid; see details.issues.', { details: { issues } });

export const unauthorized = (message = 'Sign in, or send a valid token.'): DomainError =>
  new DomainError('UNAUTHORIZED', message);

export const requestError = (message: string): DomainError => new DomainError('REQUEST_ERROR', message);

export const crossSiteRequest = (): DomainError =>
  new DomainError('CROSS_SITE_REQUEST', 'A page of another site caused this request; use the console instead.');

/** Returns what to show where there are no `details`: each broken rule, or the message itself. */
export const errorMessages = ({ details, message }: DomainError): readonly string[] => {
  const { issues } = (details ?? {}) as { readonly issues?: readonly ValidationIssue[] };
  return issues?.map((issue) => issue.message) ?? [message];
};

/** Returns the `code` that Node and database drivers set on their errors; null without one. */
export const errorCodeOf = (error: unknown): string | null =>
  typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' ? error.code : null;

/** Codes of faults in a program, unlike those of the system, of TLS and of drivers. */
const PROGRAM_FAULT = /^ERR_(?!TLS|SSL)/;

/** Whether the system or a driver refused something; the message then says what, and a stack would not help. */
export const isSystemError = (error: unknown): error is { readonly code: string; readonly message: string } => {
  const code = errorCodeOf(error);
  return code !== null && !PROGRAM_FAULT.test(code) && typeof (error as Error).message === 'string';
};

/** Returns the driver's own error, which TypeORM wraps. */
export const driverErrorOf = (error: unknown): unknown =>
  typeof error === 'object' && error !== null && 'driverError' in error ? error.driverError : error;
