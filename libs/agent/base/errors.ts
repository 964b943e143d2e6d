/** Base of every error of this SDK: a stable code, and the HTTP status if a server answered. */
export abstract class AgentError extends Error {
  constructor(
    message: string,
    readonly code: string,
    readonly status: number | null = null,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = new.target.name;
  }
}

/**
 * The server could not be reached or did not answer in time. With a status, something else answered in its place: a proxy, a
 * maintenance page, a captive portal.
 */
export class NetworkError extends AgentError {
  constructor(
    message: string,
    code: string,
    status: number | null = null,
    readonly retryAfterSeconds = 0,
  ) {
    super(message, code, status);
  }
}

/** The agent could not register: the server refused, or there is no registration token. */
export class RegistrationError extends AgentError {}

/** The server no longer accepts this agent or its token. */
export class AgentAuthError extends AgentError {}

/** The server answered with an error; `code` and message are the server's. */
export class RefusedError extends AgentError {
  constructor(
    message: string,
    code: string,
    override readonly status: number,
    readonly retryAfterSeconds = 0,
  ) {
    super(message, code, status);
  }
}

/** Whether the same request may succeed later: no answer, too many requests, or a server-side error. */
export const isTransient = (error: unknown): boolean =>
  error instanceof NetworkError ||
  (error instanceof RefusedError && (error.status === 408 || error.status === 429 || error.status >= 500));

/** Whether something other than an Opstage server answered. */
export const isForeign = (error: unknown): error is NetworkError =>
  error instanceof NetworkError && error.status !== null;

/** Whether the server refuses this agent, rather than the content of one request. */
export const refusesAgent = (error: unknown): boolean =>
  error instanceof RefusedError && (error.status === 401 || error.status === 403);

/** Whether the server refuses the content of the request. */
export const refusesContent = (error: unknown): boolean =>
  error instanceof RefusedError && [400, 413, 415, 422].includes(error.status);

/** The `Retry-After` of the answer in seconds; 0 without one. */
export const retryAfterOf = (error: unknown): number =>
  error instanceof RefusedError || error instanceof NetworkError ? error.retryAfterSeconds : 0;

/** The fields of a log line about `error`; `cause` is the code of the error behind it. */
export const errorFields = (
  error: unknown,
): { error: string; code: string | null; status: number | null; cause?: string } => {
  if (!(error instanceof AgentError))
    return { error: error instanceof Error ? error.name : typeof error, code: null, status: null };
  const { name, code, status, cause } = error;
  return { error: name, code, status, ...(cause instanceof AgentError && { cause: cause.code }) };
};
