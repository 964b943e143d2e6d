import { ERROR_STATUS } from '../../contracts/index.js';
import { NetworkError, RefusedError } from '../base/errors.js';
import { causeOf, codeOf, messageOf } from '../base/thrown.js';
import { timeLimit } from '../base/waiting.js';

const MAX_RETRY_AFTER_SECONDS = 300;
/** More than ten of the largest payloads. */
const MAX_ANSWER_BYTES = 64_000_000;

/** The version of this package; a spec compares it with package.json. */
export const SDK_VERSION = '0.1.0';
const USER_AGENT = `opstage-agent-node/${SDK_VERSION} node/${process.versions.node}`;

export interface TransportOptions {
  readonly baseUrl: URL;
  readonly timeoutSeconds: number;
  /** Masks tokens in text that becomes an error message. */
  readonly mask: (text: string) => string;
  /** Aborts every request when the agent has stopped. */
  readonly lifetime: AbortSignal;
  /** Default: the global `fetch`. */
  readonly fetch?: typeof globalThis.fetch;
}

export interface WireRequest {
  readonly method: 'GET' | 'POST';
  /** Relative to the base URL, without a leading slash. */
  readonly path: string;
  readonly token?: string;
  readonly body?: object;
  /** How long the server may hold the request before responding, in seconds. */
  readonly holdSeconds?: number;
  /** Abandons the request; a response that has already started is still read. */
  readonly abandoned?: AbortSignal;
}

/** The origin and path prefix of a server. @throws when it is not a plain http or https URL */
export const parseBaseUrl = (text: string): URL => {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !['http:', 'https:'].includes(url.protocol) || url.username !== '' || url.password !== '')
    throw new TypeError('backendUrl must be an http or https URL without user name and password.');
  url.search = '';
  url.hash = '';
  if (!url.pathname.endsWith('/')) url.pathname += '/';
  return url;
};

/** Sends a request and unwraps the envelope of the response. */
export class HttpTransport {
  constructor(private readonly options: TransportOptions) {}

  get serverUrl(): string {
    return this.options.baseUrl.href;
  }

  /**
   * The `data` of the response. Only our envelope counts as an answer of the server: anything else, whatever its status, is a
   * NetworkError with that status. @throws NetworkError, RefusedError, or TypeError when the body cannot be serialised
   */
  async send(request: WireRequest): Promise<unknown> {
    const body = request.body && JSON.stringify(request.body);
    const limitSeconds = this.options.timeoutSeconds + (request.holdSeconds ?? 0);
    const timeout = timeLimit(limitSeconds);
    try {
      const response = await this.fetch(request, body, AbortSignal.any([timeout, this.options.lifetime]));
      const text = await textOf(response).catch((error: unknown) => {
        if (timeout.aborted || error instanceof NetworkError) throw error;
        throw this.unreadable(response.status, error);
      });
      return this.unwrap(response.status, response.headers, text);
    } catch (error) {
      if (error instanceof NetworkError || error instanceof RefusedError) throw error;
      throw this.unreachable(error, timeout.aborted ? limitSeconds : null);
    }
  }

  /** Resolves when the response headers have arrived. */
  private async fetch(request: WireRequest, body: string | undefined, signal: AbortSignal): Promise<Response> {
    const giveUp = new AbortController();
    const abandon = (): void => {
      giveUp.abort();
    };
    request.abandoned?.addEventListener('abort', abandon);
    if (request.abandoned?.aborted) abandon();
    try {
      const call = this.options.fetch ?? globalThis.fetch;
      return await call(new URL(request.path, this.options.baseUrl), {
        method: request.method,
        headers: headersOf(request),
        body,
        signal: AbortSignal.any([signal, giveUp.signal]),
        // Following a redirect would drop the credential or turn a POST into a GET: report it instead.
        redirect: 'manual',
      });
    } finally {
      request.abandoned?.removeEventListener('abort', abandon);
    }
  }

  private unwrap(status: number, headers: Headers, text: string): unknown {
    const envelope = parseObject(text);
    const isSuccess = status >= 200 && status < 300;
    if (isSuccess && envelope?.success === true && 'data' in envelope) return envelope.data;
    const error = asObject(envelope?.error);
    const code = error?.code;
    if (isSuccess || envelope?.success !== false || typeof code !== 'string' || !Object.hasOwn(ERROR_STATUS, code))
      throw this.foreign(status, headers);
    const reason = typeof error?.message === 'string' ? error.message : `The server answered ${status}.`;
    const message = this.options.mask(`${reason}${issuesOf(error)}`);
    throw new RefusedError(message, code, status, retryAfterSeconds(headers));
  }

  /** Something between this agent and the server answered, or there is another program at its address. */
  private foreign(status: number, headers: Headers): NetworkError {
    const location = headers.get('location');
    const answered = `${this.serverUrl} answered ${status}, but not as an Opstage server`;
    const message =
      location === null
        ? `${answered}: check the backend URL and what is in front of the server.`
        : this.options.mask(`${answered}: it redirects to ${location}. If that is the server, use that URL.`);
    const code = status >= 200 && status < 300 ? 'BAD_ANSWER' : `HTTP_${status}`;
    return new NetworkError(message, code, status, retryAfterSeconds(headers));
  }

  private unreadable(status: number, error: unknown): NetworkError {
    const reason = this.options.mask(reasonOf(error));
    return new NetworkError(`The answer of ${this.serverUrl} cannot be read (${reason}).`, 'BAD_ANSWER', status);
  }

  private unreachable(error: unknown, limitSeconds: number | null): NetworkError {
    if (limitSeconds !== null)
      return new NetworkError(`${this.serverUrl} did not answer within ${limitSeconds} seconds.`, 'TIMEOUT');
    const reason = this.options.mask(reasonOf(error));
    return new NetworkError(`${this.serverUrl} cannot be reached (${reason}).`, 'NETWORK_ERROR');
  }
}

const headersOf = ({ token, body }: WireRequest): Record<string, string> => ({
  accept: 'application/json',
  'user-agent': USER_AGENT,
  ...(body && { 'content-type': 'application/json' }),
  ...(token !== undefined && { authorization: `Bearer ${token}` }),
});

const asObject = (value: unknown): Readonly<Record<string, unknown>> | null =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : null;

const parseObject = (text: string): Readonly<Record<string, unknown>> | null => {
  try {
    return asObject(JSON.parse(text));
  } catch {
    // For example a proxy's error page: only the status is known.
    return null;
  }
};

/** `details.issues` of a 422 as text, so that the log line names the invalid fields. */
const issuesOf = (error: Readonly<Record<string, unknown>> | null): string => {
  const issues = asObject(error?.details)?.issues;
  if (!Array.isArray(issues)) return '';
  const lines = issues.slice(0, 5).map((issue: unknown) => {
    const { path, message } = asObject(issue) ?? {};
    return `${String(path)}: ${String(message)}`;
  });
  return lines.length > 0 ? ` (${lines.join('; ')})` : '';
};

/** Why the request failed, for example `ECONNREFUSED`: `fetch` itself only says that it failed. */
const reasonOf = (error: unknown): string => {
  const cause = causeOf(error);
  return codeOf(cause) ?? messageOf(cause ?? error);
};

/** The body as text. @throws NetworkError when it is larger than any answer of the server */
const textOf = async ({ body, status }: Response): Promise<string> => {
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength;
    if (bytes > MAX_ANSWER_BYTES) throw new NetworkError('The answer is too large.', 'BAD_ANSWER', status);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
};

/** `Retry-After`, in seconds or as an HTTP date; bounded, so that a wrong value cannot silence the agent for good. */
const retryAfterSeconds = (headers: Headers): number => {
  const header = headers.get('retry-after');
  if (header === null) return 0;
  // Compare a date with the server's own clock if the response contains it.
  const now = Date.parse(headers.get('date') ?? '') || Date.now();
  const seconds = /^\d+$/.test(header) ? Number(header) : (Date.parse(header) - now) / 1000;
  return Number.isFinite(seconds) ? Math.min(Math.max(seconds, 0), MAX_RETRY_AFTER_SECONDS) : 0;
};
