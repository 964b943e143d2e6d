/** What every error of this SDK carries: a stable code, and the HTTP status when a server answered. */
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

/** The server could not be reached, did not answer in time, or what answered is not an Opstage server. */
export class NetworkError extends AgentError {}

/** The agent has no way in: the server refused to register it, or there is nothing to register with. */
export class RegistrationError extends AgentError {}

/** The server no longer accepts this agent's token, or keeps the agent out. */
export class AgentAuthError extends AgentError {}

/** The server answered with an error; `code` and the message are its own. */
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

/** Whether the same request may well succeed later: nobody answered, too many requests, or trouble on the server's side. */
export const isTransient = (error: unknown): boolean =>
  error instanceof NetworkError ||
  (error instanceof RefusedError && (error.status === 408 || error.status === 429 || error.status >= 500));

/** Whether it is this agent that is refused, and not the content of one request. */
export const refusesAgent = (error: unknown): boolean =>
  error instanceof RefusedError && (error.status === 401 || error.status === 403);

/** Whether the server read the request and could not accept what is in it. */
export const refusesContent = (error: unknown): boolean =>
  error instanceof RefusedError && [400, 413, 422].includes(error.status);

/** How long the server asked to be left alone; 0 when it did not. */
export const retryAfterOf = (error: unknown): number => (error instanceof RefusedError ? error.retryAfterSeconds : 0);

/** The fields of a log line about `error`; `cause` is the code of what led to it. */
export const errorFields = (
  error: unknown,
): { error: string; code: string | null; status: number | null; cause?: string } => {
  if (!(error instanceof AgentError))
    return { error: error instanceof Error ? error.name : typeof error, code: null, status: null };
  const { name, code, status, cause } = error;
  return { error: name, code, status, ...(cause instanceof AgentError && { cause: cause.code }) };
};

/** The message of whatever was thrown, be it an error or not. */
export const messageOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error);
