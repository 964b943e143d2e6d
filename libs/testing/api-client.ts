import type { Envelope, ErrorBody, ErrorCode, Pagination } from '#contracts';

export interface RequestOptions {
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as it is, in place of `body`. */
  readonly rawBody?: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A received response. */
export class ApiAnswer {
  constructor(
    readonly request: string,
    readonly status: number,
    readonly headers: Headers,
    readonly text: string,
  ) {}

  json<T = unknown>(): T {
    return JSON.parse(this.text) as T;
  }

  /** The `data` of a successful response. @throws for any other */
  data<T>(): T {
    const envelope = this.#envelope<T>();
    if (this.status !== 200 || !envelope.success) throw this.#unexpected('a success');
    return envelope.data;
  }

  /** The `data` and pagination of a list. @throws for anything else */
  page<T>(): { readonly data: readonly T[]; readonly pagination: Pagination } {
    const envelope = this.#envelope<readonly T[]>();
    if (!envelope.success || !envelope.pagination) throw this.#unexpected('a page');
    return { data: envelope.data, pagination: envelope.pagination };
  }

  /** The error of a response with this status and code. @throws for any other */
  error(status: number, code: ErrorCode): ErrorBody {
    const envelope = this.#envelope<unknown>();
    if (envelope.success || this.status !== status || envelope.error.code !== code) {
      throw this.#unexpected(`${status} ${code}`);
    }
    return envelope.error;
  }

  #envelope<T>(): Envelope<T> {
    if (!this.headers.get('x-request-id')) throw this.#unexpected('an X-Request-Id');
    try {
      return this.json<Envelope<T>>();
    } catch {
      throw this.#unexpected('an envelope');
    }
  }

  #unexpected(expected: string): Error {
    return new Error(`${this.request}: expected ${expected}, got ${this.status} ${this.text.slice(0, 2_000)}`);
  }
}

/** A pending call: await it for the response, or one of its expectations. */
export class ApiCall implements PromiseLike<ApiAnswer> {
  constructor(private readonly answer: Promise<ApiAnswer>) {}

  then<A, B>(
    onAnswer?: ((answer: ApiAnswer) => A | PromiseLike<A>) | null,
    onError?: ((error: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.answer.then(onAnswer, onError as (error: unknown) => B);
  }

  /** Expects success and returns its `data`. */
  async expectOk<T>(): Promise<T> {
    return (await this.answer).data<T>();
  }

  async expectPage<T>(): Promise<{ readonly data: readonly T[]; readonly pagination: Pagination }> {
    return (await this.answer).page<T>();
  }

  /** Expects a refusal and returns its error. */
  async expectError(status: number, code: ErrorCode): Promise<ErrorBody> {
    return (await this.answer).error(status, code);
  }
}

/** An unauthenticated client of one server. */
export class ApiClient {
  /** @param inspect receives every response, and throws for an invalid one */
  constructor(
    readonly baseUrl: string,
    private readonly inspect: (answer: ApiAnswer) => void = () => undefined,
  ) {}

  request(method: string, path: string, { body, rawBody, headers = {} }: RequestOptions = {}): ApiCall {
    const content = rawBody ?? (body === undefined ? undefined : JSON.stringify(body));
    const type: Record<string, string> = content === undefined ? {} : { 'content-type': 'application/json' };
    const init = { method, headers: { ...type, ...headers }, body: content as RequestInit['body'] };
    return new ApiCall(this.#send(`${method} ${path}`, new URL(path, this.baseUrl), init));
  }

  get(path: string, options?: RequestOptions): ApiCall {
    return this.request('GET', path, options);
  }

  post(path: string, body?: unknown, options?: RequestOptions): ApiCall {
    return this.request('POST', path, { ...options, body });
  }

  async #send(name: string, url: URL, init: RequestInit): Promise<ApiAnswer> {
    const response = await fetch(url, { ...init, redirect: 'manual' });
    const answer = new ApiAnswer(name, response.status, response.headers, await response.text());
    this.inspect(answer);
    return answer;
  }
}
