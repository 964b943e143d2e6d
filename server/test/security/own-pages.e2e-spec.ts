import { declaredRoutes, routeName } from '../support/routes-of.js';
import { OWNER, sharedTestApp, startTestApp, type TestApp } from '../support/start-test-app.js';
import { LOGIN } from './sign-in-attempts.js';

const TOKENS = '/api/admin/registration-tokens';
const UNKNOWN = 'agt_01ARZ3NDEKTSV4RRFFQ69G5FAV';

const ownOrigin = (app: TestApp): string => new URL(app.api.baseUrl).origin;

const FOREIGN: readonly (readonly [string, Record<string, string>])[] = [
  ['another site', { 'sec-fetch-site': 'cross-site' }],
  ['a sibling domain', { 'sec-fetch-site': 'same-site' }],
  ['an unknown value', { 'sec-fetch-site': 'friendly' }],
  ['another site, from a browser without Fetch Metadata', { origin: 'https://evil.example' }],
  ['a page without an origin', { origin: 'null' }],
  ['another port of this host', { origin: 'http://127.0.0.1:1' }],
  ['our own origin, claimed by another site', { origin: 'http://127.0.0.1', 'sec-fetch-site': 'cross-site' }],
];

describe('ASVS 3.5.1, 3.5.3: a request that a page of another site caused', () => {
  it.each(FOREIGN)('changes nothing on any of the users’ routes, signed in or not: %s', async (_name, from) => {
    const app = await sharedTestApp();
    const owner = await app.signIn('owner');
    const headers = { cookie: owner.cookie, 'x-csrf-token': owner.session.csrfToken, ...from };
    const routes = declaredRoutes(app).filter(({ method, path }) => method !== 'GET' && path.startsWith('/api/admin'));
    expect(routes.map(routeName)).toContain(`POST ${LOGIN}`);
    for (const { method, path } of routes) {
      await app.api
        .request(method, path.replace(/:\w+/g, UNKNOWN), { body: OWNER, headers })
        .expectError(403, 'CROSS_SITE_REQUEST');
    }
    await owner.get('/api/admin/auth/me').expectOk();
  });

  it('cannot sign a user in, although the sign-in takes no CSRF token', async () => {
    const app = await startTestApp();
    const answer = await app.api.post(LOGIN, OWNER, { headers: { origin: 'https://evil.example' } });
    answer.error(403, 'CROSS_SITE_REQUEST');
    expect(answer.headers.getSetCookie()).toEqual([]);
    expect(await app.auditEvents('access.denied')).toMatchObject([
      {
        actorId: null,
        result: 'FAILURE',
        metadata: { reason: 'cross-site', method: 'POST', path: LOGIN, suppressedSinceLast: 0 },
      },
    ]);
  });

  it('is distinguished from requests of our own pages, typed addresses and programs', async () => {
    const app = await sharedTestApp();
    const owner = await app.signIn('owner');
    const ours: readonly Record<string, string>[] = [
      {},
      { 'sec-fetch-site': 'same-origin' },
      { 'sec-fetch-site': 'none' },
      { origin: ownOrigin(app) },
      { 'sec-fetch-site': 'same-origin', origin: 'https://as-the-proxy-calls-it.example' },
    ];
    for (const from of ours) {
      await owner.request('POST', TOKENS, { body: {}, headers: from }).expectOk();
      await app.api.post(LOGIN, OWNER, { headers: from }).expectOk();
    }
  });

  it('is recognized by the public address or a trusted proxy’s headers, never by those of an untrusted client', async () => {
    const from = {
      origin: 'https://ops.example.org',
      'x-forwarded-proto': 'https',
      'x-forwarded-host': 'ops.example.org',
    };
    const headers = { headers: from };
    const named = await startTestApp({ config: { publicBaseUrl: 'https://ops.example.org/' } });
    await named.api.post(LOGIN, OWNER, headers).expectOk();
    const proxied = await startTestApp({ config: { trustProxy: 1 } });
    await proxied.api.post(LOGIN, OWNER, headers).expectOk();
    const bare = await sharedTestApp();
    await bare.api.post(LOGIN, OWNER, headers).expectError(403, 'CROSS_SITE_REQUEST');
  });

  it('is not checked for agents, which are not browsers and have no cookies', async () => {
    const app = await sharedTestApp();
    const agent = await app.enrolAgent();
    const headers = { authorization: `Bearer ${agent.token}`, 'sec-fetch-site': 'cross-site', cookie: 'x=y' };
    await agent.request('POST', '/heartbeat', { headers }).expectOk();
  });
});

describe('ASVS 3.5.1: the CSRF token', () => {
  it('must match the session’s token exactly: a shorter, longer or similar one is refused', async () => {
    const app = await sharedTestApp();
    const owner = await app.signIn('owner');
    const { csrfToken } = owner.session;
    const flipped = csrfToken.startsWith('A') ? `B${csrfToken.slice(1)}` : `A${csrfToken.slice(1)}`;
    for (const token of ['', csrfToken.slice(0, -1), `${csrfToken}A`, flipped, csrfToken.toUpperCase(), 'ü', '=']) {
      const headers = { cookie: owner.cookie, 'x-csrf-token': encodeURIComponent(token) };
      await app.api.post(TOKENS, {}, { headers }).expectError(403, 'CSRF_INVALID');
    }
    await app.api
      .post(`${TOKENS}?x-csrf-token=${csrfToken}`, {}, { headers: { cookie: owner.cookie } })
      .expectError(403, 'CSRF_INVALID');
    await owner.post(TOKENS, {}).expectOk();
  });
});
