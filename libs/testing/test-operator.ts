import {
  SESSION_COOKIE,
  type CreatedRegistrationToken,
  type CreateRegistrationTokenRequest,
  type SessionInfo,
} from '#contracts';
import { ApiClient, type ApiAnswer, type ApiCall, type RequestOptions } from './api-client.js';

const cookieOf = (headers: Headers): string =>
  headers
    .getSetCookie()
    .find((cookie) => cookie.startsWith(`${SESSION_COOKIE}=`))
    ?.split(';')[0] ?? '';

/** A signed-in user; sends its cookie and CSRF token with every request. */
export class TestOperator {
  private constructor(
    readonly api: ApiClient,
    readonly cookie: string,
    readonly session: SessionInfo,
  ) {}

  static async signIn(api: ApiClient, username: string, password: string): Promise<TestOperator> {
    return TestOperator.signedIn(api, await api.post('/api/admin/auth/login', { username, password }));
  }

  /** The user that this response to a login signed in. */
  static signedIn(api: ApiClient, answer: ApiAnswer): TestOperator {
    return new TestOperator(api, cookieOf(answer.headers), answer.data<SessionInfo>());
  }

  /** The same session, at another server. */
  at(api: ApiClient): TestOperator {
    return new TestOperator(api, this.cookie, this.session);
  }

  request(method: string, path: string, options: RequestOptions = {}): ApiCall {
    const own = { cookie: this.cookie, 'x-csrf-token': this.session.csrfToken };
    return this.api.request(method, path, { ...options, headers: { ...own, ...options.headers } });
  }

  get(path: string, options?: RequestOptions): ApiCall {
    return this.request('GET', path, options);
  }

  post(path: string, body?: unknown): ApiCall {
    return this.request('POST', path, { body });
  }

  patch(path: string, body: unknown): ApiCall {
    return this.request('PATCH', path, { body });
  }

  delete(path: string): ApiCall {
    return this.request('DELETE', path);
  }

  /** Proves again who this is, for the requests that need it. */
  async confirm(currentPassword: string): Promise<void> {
    await this.post('/api/admin/auth/confirm', { currentPassword }).expectOk();
  }

  createToken(request: CreateRegistrationTokenRequest = {}): Promise<CreatedRegistrationToken> {
    return this.post('/api/admin/registration-tokens', request).expectOk<CreatedRegistrationToken>();
  }
}
