import type { Envelope, ErrorBody, ErrorCode, Pagination } from '#contracts';

export interface RequestOptions {
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as it is, in place of `body`. */
  readonly rawBody?: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An answer, as it came. */
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

  /** The `data` of a success. */
  data<T>(): T {
    const envelope = this.#envelope<T>();
    if (this.status !== 200 || !envelope.success) throw this.#unexpected('a success');
    return envelope.data;
  }

  /** The `data` of a list and where it stands. */
  page<T>(): { readonly data: readonly T[]; readonly pagination: Pagination } {
    const envelope = this.#envelope<readonly T[]>();
    if (!envelope.success || !envelope.pagination) throw this.#unexpected('a page');
    return { data: envelope.data, pagination: envelope.pagination };
  }

  /** The error of a refusal; fails when it is another one. */
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

/** A call under way. Await it for the answer, or for what is expected of it. */
export class ApiCall implements PromiseLike<ApiAnswer> {
  constructor(private readonly answer: Promise<ApiAnswer>) {}

  then<A, B>(
    onAnswer?: ((answer: ApiAnswer) => A | PromiseLike<A>) | null,
    onError?: ((error: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.answer.then(onAnswer, onError as (error: unknown) => B);
  }

  /** The `data` of the success that is expected. */
  async expectOk<T>(): Promise<T> {
    return (await this.answer).data<T>();
  }

  async expectPage<T>(): Promise<{ readonly data: readonly T[]; readonly pagination: Pagination }> {
    return (await this.answer).page<T>();
  }

  /** The error of the refusal that is expected. */
  async expectError(status: number, code: ErrorCode): Promise<ErrorBody> {
    return (await this.answer).error(status, code);
  }
}

/** Speaks the wire to one server, as nobody in particular. */
export class ApiClient {
  /** @param inspect sees every answer, and throws for one that should not be */
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
