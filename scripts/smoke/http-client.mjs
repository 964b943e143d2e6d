import assert from 'node:assert/strict';

const TIMEOUT_MS = 45_000;

const parse = (text) => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};

/** One HTTP client of the server: a browser, an agent or anybody, by the headers it sends. */
export class HttpClient {
  constructor(url, headers = {}) {
    this.url = url;
    this.headers = headers;
  }

  /** The answer, whatever its status: `{status, headers, text, body}`. */
  async send(method, path, body, headers = {}) {
    const response = await fetch(this.url + path, {
      method,
      headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...this.headers, ...headers },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, body: parse(text) };
  }

  /** The data of an answer that must be a success. */
  async ask(method, path, body) {
    const answer = await this.send(method, path, body);
    assert.equal(answer.status, 200, `${method} ${path} answered ${answer.status}: ${answer.text}`);
    assert.equal(answer.body?.success, true);
    return answer.body.data;
  }

  get(path) {
    return this.ask('GET', path);
  }

  post(path, body) {
    return this.ask('POST', path, body);
  }

  /** Asserts that the request is refused with this status and code. */
  async refused(status, code, method, path, body) {
    const answer = await this.send(method, path, body);
    assert.deepEqual({ status: answer.status, code: answer.body?.error?.code }, { status, code });
    assert.equal(answer.body.success, false);
    assert.ok(answer.headers.get('x-request-id'), 'An answer without X-Request-Id.');
  }
}

/** A signed-in user: keeps the cookie and sends the CSRF token, as a browser with the console would. */
export const signIn = async (url, username, password) => {
  const answer = await new HttpClient(url).send('POST', '/api/admin/auth/login', { username, password });
  assert.equal(answer.status, 200, answer.text);
  const setCookie = answer.headers.get('set-cookie') ?? '';
  assert.match(setCookie, /^opstage_session=[^;]+;.*HttpOnly/i);
  const { csrfToken, user } = answer.body.data;
  const cookie = setCookie.split(';')[0];
  return Object.assign(new HttpClient(url, { cookie, 'x-csrf-token': csrfToken }), { cookie, csrfToken, user });
};
