import { rawRefusalOf, rawRequest, sendAndHangUp, sendRaw } from '../support/raw-http.js';
import { startTestApp, type TestApp } from '../support/start-test-app.js';

const JSON_TYPE = 'Content-Type: application/json';
const LOGIN = 'POST /api/admin/auth/login HTTP/1.1';

describe('a request on the wire', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await startTestApp();
  });

  afterEach(async () => {
    // The server must answer the next request, whatever the last one was.
    await app.api.get('/health').expectOk();
  });

  it.each<[string, string]>([
    ['not HTTP', 'hello\r\n\r\n'],
    ['a TLS handshake', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
    ['two lengths', rawRequest(LOGIN, [JSON_TYPE, 'Content-Length: 2', 'Content-Length: 3'], '{}')],
    [
      'both a length and chunks',
      rawRequest(LOGIN, [JSON_TYPE, 'Content-Length: 2', 'Transfer-Encoding: chunked'], '0\r\n\r\n'),
    ],
    ['a length that is not a number', rawRequest(LOGIN, [JSON_TYPE, 'Content-Length: two'], '{}')],
    ['a negative length', rawRequest(LOGIN, [JSON_TYPE, 'Content-Length: -2'], '{}')],
    ['invalid chunks', rawRequest(LOGIN, [JSON_TYPE, 'Transfer-Encoding: chunked'], 'zz\r\n{}\r\n')],
    ['chunks twice', rawRequest(LOGIN, [JSON_TYPE, 'Transfer-Encoding: chunked, identity'], '0\r\n\r\n')],
    ['a header name with a space', rawRequest('GET /health HTTP/1.1', ['X Y: z'])],
    ['a header continued on the next line', rawRequest('GET /health HTTP/1.1', ['X-Y: z', ' more'])],
    ['U+0000 in a header', rawRequest('GET /health HTTP/1.1', ['User-Agent: a\0b'])],
    ['a bare line feed in a header', rawRequest('GET /health HTTP/1.1', ['User-Agent: a\nX-Y: b'])],
    ['a space in the path', rawRequest('GET /hea lth HTTP/1.1')],
    ['an unknown method', rawRequest('BREW /health HTTP/1.1')],
    ['another protocol', rawRequest('GET /health SIP/2.0')],
  ])(
    'that cannot be parsed is answered with 400 in the envelope, and the connection is closed: %s',
    async (_name, text) => {
      expect(rawRefusalOf(await sendRaw(app, Buffer.from(text, 'latin1')))).toBe('400 REQUEST_ERROR');
    },
  );

  it('with headers that are too large is answered with 431, and the connection is closed', async () => {
    const large = [`Cookie: opstage_session=${'x'.repeat(100_000)}`];
    const many = Array.from({ length: 3_000 }, (_, i) => `X-Header-${i}: ${i}`);
    const path = `GET /api/admin/agents?q=${'x'.repeat(100_000)} HTTP/1.1`;
    for (const text of [
      rawRequest('GET /health HTTP/1.1', large),
      rawRequest('GET /health HTTP/1.1', many),
      rawRequest(path),
    ]) {
      expect(rawRefusalOf(await sendRaw(app, text))).toBe('431 REQUEST_ERROR');
    }
  });

  it('that cannot be parsed closes the connection without an answer when another was answered before', async () => {
    const answer = await sendRaw(app, 'GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n', 'hello\r\n\r\n');
    expect(answer.status).toBe(200);
    expect(answer.body).not.toContain('HTTP/1.1');
  });

  it('whose body is cut off changes nothing', async () => {
    const owner = await app.signIn('owner');
    const agent = await app.enrolAgent();
    const admin = [`Cookie: ${owner.cookie}`, `X-CSRF-Token: ${owner.session.csrfToken}`];
    const report = '{"services":[{"code":"half-sent","name":"Half sent"}]}';
    const failedBefore = await app.auditEvents('session.login.failed');
    await sendAndHangUp(
      app,
      rawRequest(
        'POST /api/admin/registration-tokens HTTP/1.1',
        [JSON_TYPE, ...admin, 'Content-Length: 500'],
        '{"name":"half sent"}',
      ),
    );
    await sendAndHangUp(
      app,
      rawRequest(
        'POST /api/admin/registration-tokens HTTP/1.1',
        [JSON_TYPE, ...admin, 'Transfer-Encoding: chunked'],
        '14\r\n{"name":"half sent"}\r\n',
      ),
    );
    await sendAndHangUp(
      app,
      rawRequest(
        `POST /api/agents/${agent.id}/services/report HTTP/1.1`,
        [JSON_TYPE, `Authorization: Bearer ${agent.token}`, `Content-Length: ${report.length + 1}`],
        report,
      ),
    );
    expect((await owner.get('/api/admin/registration-tokens?q=half').expectPage()).pagination.total).toBe(0);
    expect((await owner.get('/api/admin/capsule-services?q=half').expectPage()).pagination.total).toBe(0);
    expect(await app.auditEvents('session.login.failed')).toEqual(failedBefore);
  });

  it('can arrive in many small pieces', async () => {
    const body = JSON.stringify({ username: 'nobody', password: 'x' });
    const pieces = [...body].map((piece) => `1\r\n${piece}\r\n`).join('');
    const text = rawRequest(LOGIN, [JSON_TYPE, 'Transfer-Encoding: chunked'], `${pieces}0\r\n\r\n`);
    expect(rawRefusalOf(await sendRaw(app, text))).toBe('401 UNAUTHORIZED');
  });

  it('is authenticated as an agent by exactly one bearer token', async () => {
    const agent = await app.enrolAgent();
    const beat = async (...authorization: readonly string[]): Promise<string> =>
      rawRefusalOf(
        await sendRaw(
          app,
          rawRequest(`POST /api/agents/${agent.id}/heartbeat HTTP/1.1`, [
            'Content-Length: 0',
            ...authorization.map((value) => `Authorization: ${value}`),
          ]),
        ),
      );
    expect(await beat(`Bearer ${agent.token}`)).toBe('200');
    expect(await beat(`  Bearer ${agent.token}  `)).toBe('200');
    for (const value of [
      `Bearer  ${agent.token}`,
      `Bearer\t${agent.token}`,
      `Bearer ${agent.token} ${agent.token}`,
      `Bearer ${agent.token},`,
      `Bearer "${agent.token}"`,
      `Bearer ${agent.token}\u00e9`,
      `Bearer${agent.token}`,
      `Basic ${Buffer.from(`x:${agent.token}`).toString('base64')}`,
      agent.token,
      'Bearer',
      'Bearer ',
      '',
    ]) {
      expect({ [value]: await beat(value) }).toEqual({ [value]: '401 UNAUTHORIZED' });
    }
    expect(await beat('Basic eDp5', `Bearer ${agent.token}`)).toBe('401 UNAUTHORIZED');
  });

  it('is authenticated as a user by the first valid session cookie with the exact name', async () => {
    const { cookie } = await app.signIn('viewer');
    const me = async (...cookies: readonly string[]): Promise<string> =>
      rawRefusalOf(
        await sendRaw(
          app,
          rawRequest(
            'GET /api/admin/auth/me HTTP/1.1',
            cookies.map((value) => `Cookie: ${value}`),
          ),
        ),
      );
    expect(await me(cookie)).toBe('200');
    expect(await me(`a=b; ${cookie}; c=d`)).toBe('200');
    expect(await me(`opstage_session=x; ${cookie}`)).toBe('200');
    for (const value of [
      'opstage_session=x',
      cookie.replace('opstage_session', 'OPSTAGE_SESSION'),
      `x${cookie}`,
      `opstage_session; ${cookie.split('=')[1]!}`,
    ]) {
      expect(await me(value)).toBe('401 UNAUTHORIZED');
    }
  });

  it('does not reach a route by an absolute or unusual form of its URL', async () => {
    expect(rawRefusalOf(await sendRaw(app, rawRequest('GET http://other.example/api/admin/users HTTP/1.1')))).toBe(
      '401 UNAUTHORIZED',
    );
    for (const path of [
      '/api/admin/../admin/users',
      '/api/./admin/users',
      '/api\\admin\\users',
      '*',
      '/api/admin/users/../users',
      '//api/admin/users',
    ]) {
      expect({ [path]: rawRefusalOf(await sendRaw(app, rawRequest(`GET ${path} HTTP/1.1`))) }).toEqual({
        [path]: '404 NOT_FOUND',
      });
    }
    expect(rawRefusalOf(await sendRaw(app, rawRequest('TRACE /api/admin/users HTTP/1.1')))).toBe(
      '405 METHOD_NOT_ALLOWED',
    );
    expect((await sendRaw(app, rawRequest('CONNECT example.org:443 HTTP/1.1'))).status).toBe(0);
  });
});
