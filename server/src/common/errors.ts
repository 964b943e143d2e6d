import { ERROR_STATUS, type ErrorCode, type ValidationIssue } from '#contracts';

interface DomainErrorOptions {
  /** Structured, never prose. */
  readonly details?: unknown;
  /** Only where the contract gives one code two statuses; otherwise the code decides. */
  readonly status?: number;
  readonly retryAfterSeconds?: number;
  readonly cause?: unknown;
}

/** A refusal with a code of the contract. The message is a full sentence a person can act on. */
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

/** The request is well-formed but breaks a rule; one issue per broken rule. */
export const validationFailed = (issues: readonly ValidationIssue[]): DomainError =>
  new DomainError('VALIDATION_FAILED', 'The request is not valid; see details.issues.', { details: { issues } });

export const unauthorized = (message = 'Sign in, or send a valid token.'): DomainError =>
  new DomainError('UNAUTHORIZED', message);

export const requestError = (message: string): DomainError => new DomainError('REQUEST_ERROR', message);

export const crossSiteRequest = (): DomainError =>
  new DomainError('CROSS_SITE_REQUEST', 'Another site may not cause this; open the console itself.');

/** What to tell a person who sees no `details`: each broken rule, or the message itself. */
export const errorMessages = ({ details, message }: DomainError): readonly string[] => {
  const { issues } = (details ?? {}) as { readonly issues?: readonly ValidationIssue[] };
  return issues?.map((issue) => issue.message) ?? [message];
};

/** The `code` that Node and database drivers put on their errors; null when there is none. */
export const errorCodeOf = (error: unknown): string | null =>
  typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' ? error.code : null;

/** What the driver said: TypeORM wraps it. */
export const driverErrorOf = (error: unknown): unknown =>
  typeof error === 'object' && error !== null && 'driverError' in error ? error.driverError : error;
