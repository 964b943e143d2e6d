import { randomUUID } from 'node:crypto';
import type { Envelope } from '#contracts';
import { aReportedService, type ApiAnswer } from '#testing';
import { sharedTestApp, startTestApp, type TestApp } from '../support/start-test-app.js';

const REQUEST_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe('every answer', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await startTestApp();
  });

  /** One answer of each kind: successes, refusals by each layer, pages. */
  const answers = async (headers: Record<string, string> = {}): Promise<readonly ApiAnswer[]> => {
    const owner = await app.signIn('owner');
    const viewer = await app.signIn('viewer');
    const agent = await app.enrolAgent();
    const forViewer = { cookie: viewer.cookie, 'x-csrf-token': viewer.session.csrfToken, ...headers };
    return [
      await owner.request('GET', '/api/admin/agents', { headers }),
      await owner.request('POST', '/api/admin/registration-tokens', { body: {}, headers }),
      await owner.request('GET', '/api/admin/audit-events/export', { headers }),
      await agent.request('POST', '/heartbeat', { headers }),
      await app.api.get('/health', { headers }),
      await app.api.get('/api/docs', { headers }),
      await app.api.get('/api/openapi.json', { headers }),
      await app.api.get('/api/docs/swagger-ui.css', { headers }),
      await app.api.get('/api/nothing', { headers }),
      await app.api.get('/nothing', { headers }),
      await app.api.get('/api/%zz', { headers }),
      await app.api.request('PUT', '/api/admin/users', { headers }),
      await app.api.get('/api/admin/users', { headers }),
      await app.api.request('POST', '/api/admin/auth/login', { rawBody: '{', headers }),
      await app.api.request('POST', '/api/admin/auth/login', { rawBody: 'x'.repeat(5_000_000), headers }),
      await app.api.request('POST', '/api/admin/users', { body: {}, headers: forViewer }),
      await owner.request('POST', '/api/admin/users', { body: {}, headers }),
      await owner.request('GET', '/api/admin/agents/x', { headers }),
      await app.api.get('/api/docs/swagger-ui.css', { headers: { ...headers, range: 'bytes=999999999-' } }),
    ];
  };

  it('carries a unique request id', async () => {
    const ids = (await answers()).map(({ headers }) => headers.get('x-request-id') ?? '');
    for (const id of ids) expect(id).toMatch(REQUEST_ID);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('carries the caller’s request id if that is valid', async () => {
    for (const answer of await answers({ 'x-request-id': 'trace-1.2_x' })) {
      expect(answer.headers.get('x-request-id')).toBe('trace-1.2_x');
    }
  });

  it.each(['', 'a b', '<script>', 'x'.repeat(65), '"', 'a;b', 'ü', "' OR 1=1", '../..', '${jndi:ldap://x}'])(
    'replaces the invalid request id "%s"',
    async (given) => {
      const answer = await app.api.get('/health', { headers: { 'x-request-id': given } });
      expect(answer.headers.get('x-request-id')).toMatch(REQUEST_ID);
    },
  );

  it('of the API forbids caching and content sniffing', async () => {
    for (const answer of await answers()) {
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
      expect(answer.headers.get('x-powered-by')).toBeNull();
    }
    const owner = await app.signIn('owner');
    for (const path of ['/api/admin/auth/me', '/api/nothing', '/api/system/health']) {
      expect((await owner.get(path)).headers.get('cache-control')).toBe('no-store');
    }
  });

  it('has status 200 on success, also for creations and conditional requests', async () => {
    const owner = await app.signIn('owner');
    const agent = await app.enrolAgent();
    const service = await agent.reportService(aReportedService());
    const user = { username: 'created', password: 'long enough password', role: 'viewer' };
    const action = `/api/admin/capsule-services/${service.id}/actions/echo`;
    for (const answer of [
      await owner.post('/api/admin/users', user),
      await owner.post('/api/admin/registration-tokens', {}),
      await owner.post(action, { payload: { text: 'hi' } }),
      await owner.post(`/api/admin/agents/${agent.id}/disable`),
      await owner.get('/api/admin/settings/maintenance', {
        headers: {
          'if-none-match': 'W/"x"',
          'if-modified-since': new Date(0).toUTCString(),
          'cache-control': 'max-age=0',
        },
      }),
    ]) {
      expect({ [answer.request]: answer.status }).toEqual({ [answer.request]: 200 });
      expect(answer.json<Envelope<unknown>>().success).toBe(true);
    }
  });

  it('to HEAD equals that to GET, without the body', async () => {
    const owner = await app.signIn('owner');
    for (const path of [
      '/api/admin/agents',
      '/api/admin/agents/x',
      '/api/nothing',
      '/health',
      '/api/docs',
      '/api/admin/auth/login',
    ]) {
      const [get, head] = [await owner.get(path), await owner.request('HEAD', path)];
      expect([head.status, head.text]).toEqual([get.status, '']);
      expect(head.headers.get('content-type')).toBe(get.headers.get('content-type'));
      expect(head.headers.get('x-request-id')).toMatch(REQUEST_ID);
    }
    expect((await app.api.request('HEAD', '/api/admin/agents')).status).toBe(401);
  });

  it('to a range or condition that a static file cannot meet is an error in the envelope', async () => {
    const unmet = await app.api.get('/api/docs/swagger-ui.css', { headers: { 'if-match': '"another"' } });
    expect([unmet.status, unmet.json<Envelope<unknown>>()]).toMatchObject([
      412,
      { success: false, error: { code: 'REQUEST_ERROR' } },
    ]);
    const range = await app.api.get('/api/docs/swagger-ui.css', { headers: { range: 'bytes=999999999-' } });
    expect([range.status, range.json<Envelope<unknown>>()]).toMatchObject([
      416,
      { success: false, error: { code: 'REQUEST_ERROR' } },
    ]);
  });
});

describe('an address that a proxy forwards', () => {
  it.each([
    ['203.0.113.9', '203.0.113.9'],
    ['2001:db8::1', '2001:db8::1'],
    ['::ffff:203.0.113.9', '203.0.113.9'],
    ['no address', null],
    ['x'.repeat(5_000), null],
    [`fe80::1%${'x'.repeat(100)}`, 'fe80::1'],
  ])('is used if it is valid: %s', async (given, expected) => {
    const app = await sharedTestApp({ trustProxy: ['loopback'] });
    // Each attempt uses another account, because repeated attempts at one are throttled.
    await app.api
      .post(
        '/api/admin/auth/login',
        { username: randomUUID(), password: 'b' },
        { headers: { 'x-forwarded-for': given } },
      )
      .expectError(401, 'UNAUTHORIZED');
    const [event] = await app.auditEvents('session.login.failed');
    expect(event?.ipAddress).toBe(expected);
  });

  it('is ignored unless the proxy is trusted', async () => {
    const app = await startTestApp();
    await app.api.post(
      '/api/admin/auth/login',
      { username: 'a', password: 'b' },
      { headers: { 'x-forwarded-for': '203.0.113.9' } },
    );
    const [event] = await app.auditEvents('session.login.failed');
    expect(event?.ipAddress).toBe('127.0.0.1');
  });
});
