import { NetworkError, RefusedError, messageOf } from '../base/errors.js';
import { timeLimit } from '../base/waiting.js';

const MAX_RETRY_AFTER_SECONDS = 300;

export interface TransportOptions {
  readonly baseUrl: URL;
  readonly timeoutSeconds: number;
  /** Takes tokens out of what is about to become an error message. */
  readonly mask: (text: string) => string;
  /** Cuts off every request when the agent has stopped. */
  readonly lifetime: AbortSignal;
}

export interface WireRequest {
  readonly method: 'GET' | 'POST';
  /** Below the base URL, without a leading slash. */
  readonly path: string;
  readonly token?: string;
  readonly body?: object;
  /** How long the server may hold the request before it answers, in seconds. */
  readonly holdSeconds?: number;
  /** Gives the request up; an answer that is already coming in is still read. */
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

/** Sends one request and opens the envelope of its answer. */
export class HttpTransport {
  constructor(private readonly options: TransportOptions) {}

  get serverUrl(): string {
    return this.options.baseUrl.href;
  }

  /** The `data` of the answer. @throws NetworkError, RefusedError, or TypeError when the body cannot be written as JSON */
  async send(request: WireRequest): Promise<unknown> {
    const body = request.body && JSON.stringify(request.body);
    const limitSeconds = this.options.timeoutSeconds + (request.holdSeconds ?? 0);
    const timeout = timeLimit(limitSeconds);
    try {
      const response = await this.fetch(request, body, AbortSignal.any([timeout, this.options.lifetime]));
      return this.open(response.status, response.headers, await response.text());
    } catch (error) {
      if (error instanceof NetworkError || error instanceof RefusedError) throw error;
      throw this.unreachable(error, timeout.aborted ? limitSeconds : null);
    }
  }

  /** Resolves when the head of the answer is there. */
  private async fetch(request: WireRequest, body: string | undefined, signal: AbortSignal): Promise<Response> {
    const giveUp = new AbortController();
    const abandon = (): void => {
      giveUp.abort();
    };
    request.abandoned?.addEventListener('abort', abandon);
    if (request.abandoned?.aborted) abandon();
    try {
      return await fetch(new URL(request.path, this.options.baseUrl), {
        method: request.method,
        headers: headersOf(request),
        body,
        signal: AbortSignal.any([signal, giveUp.signal]),
        // A followed redirect drops the credential or turns a POST into a GET: better to say so.
        redirect: 'manual',
      });
    } finally {
      request.abandoned?.removeEventListener('abort', abandon);
    }
  }

  private open(status: number, headers: Headers, text: string): unknown {
    const envelope = parseObject(text);
    if (status >= 200 && status < 300) {
      if (envelope && 'data' in envelope) return envelope.data;
      throw new NetworkError(
        `${this.serverUrl} answered, but not as an Opstage server. Check the backend URL.`,
        'BAD_ANSWER',
        status,
      );
    }
    const error = asObject(envelope?.error);
    const code = typeof error?.code === 'string' ? error.code : `HTTP_${status}`;
    const said = typeof error?.message === 'string' ? error.message : fallbackMessage(status, headers);
    const message = this.options.mask(`${said}${issuesOf(error)}`);
    throw new RefusedError(message, code, status, retryAfterSeconds(headers));
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
  'user-agent': 'opstage-agent-node',
  ...(body && { 'content-type': 'application/json' }),
  ...(token !== undefined && { authorization: `Bearer ${token}` }),
});

const asObject = (value: unknown): Readonly<Record<string, unknown>> | null =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : null;

const parseObject = (text: string): Readonly<Record<string, unknown>> | null => {
  try {
    return asObject(JSON.parse(text));
  } catch {
    // A proxy's error page: the status alone has to tell.
    return null;
  }
};

/** `details.issues` of a 422 as text, so that a log line says which field is wrong. */
const issuesOf = (error: Readonly<Record<string, unknown>> | null): string => {
  const issues = asObject(error?.details)?.issues;
  if (!Array.isArray(issues)) return '';
  const lines = issues.slice(0, 5).map((issue: unknown) => {
    const { path, message } = asObject(issue) ?? {};
    return `${String(path)}: ${String(message)}`;
  });
  return lines.length > 0 ? ` (${lines.join('; ')})` : '';
};

const fallbackMessage = (status: number, headers: Headers): string => {
  const location = headers.get('location');
  return location === null ? `The server answered ${status}.` : `The server redirects to ${location}: use that URL.`;
};

/** What kept the request from being sent, for example `ECONNREFUSED`: `fetch` itself says no more than that it failed. */
const reasonOf = (error: unknown): string => {
  const cause = asObject(asObject(error)?.cause);
  return typeof cause?.code === 'string' ? cause.code : messageOf(cause ?? error);
};

/** Seconds, or an HTTP date; bounded, so that a wrong answer cannot silence an agent for good. */
const retryAfterSeconds = (headers: Headers): number => {
  const header = headers.get('retry-after');
  if (header === null) return 0;
  // A date is read by the clock of whoever wrote it, as far as that is known.
  const now = Date.parse(headers.get('date') ?? '') || Date.now();
  const seconds = /^\d+$/.test(header) ? Number(header) : (Date.parse(header) - now) / 1000;
  return Number.isFinite(seconds) ? Math.min(Math.max(seconds, 0), MAX_RETRY_AFTER_SECONDS) : 0;
};
