import type { AppConfig } from '../../src/config/app-config.js';
import { OWNER, sharedTestApp, startTestApp, type TestApp } from '../support/start-test-app.js';

const LOGIN = '/api/admin/auth/login';
const SECRETS = ['an older secret of 32 characters!', 'a newer secret of 32 characters!!'] as const;
const [OLDER, NEWER] = SECRETS;

/** The attributes of the session cookie an answer sets, lower-cased, without its value. */
const attributesOf = (headers: Headers): readonly string[] => {
  const cookies = headers.getSetCookie().filter((cookie) => cookie.startsWith('opstage_session='));
  expect(cookies).toHaveLength(1);
  return cookies[0]!.toLowerCase().split('; ').slice(1);
};

const signIn = async (app: TestApp, headers: Record<string, string> = {}): Promise<readonly string[]> => {
  const answer = await app.api.post(LOGIN, OWNER, { headers });
  answer.data();
  return attributesOf(answer.headers);
};

const attributesWith = async (config: Partial<AppConfig>, headers: Record<string, string> = {}) =>
  signIn(await sharedTestApp(config), headers);

const OVER_TLS = { 'x-forwarded-proto': 'https' };

describe('the session cookie', () => {
  it('is HttpOnly, SameSite, valid for the whole origin, and expires with the session', async () => {
    const attributes = await attributesWith({ sessionTtlSeconds: 3_600 });
    expect(attributes).toEqual(expect.arrayContaining(['httponly', 'samesite=lax', 'path=/', 'max-age=3600']));
    expect(attributes.filter((attribute) => attribute.startsWith('domain'))).toEqual([]);
  });

  it.each<[string, Partial<AppConfig>]>([
    ['in development', { production: false, host: '0.0.0.0' }],
    ['in production on loopback', { production: true, host: '127.0.0.1' }],
    ['in production on IPv6 loopback', { production: true, host: '::1' }],
    [
      'in production with localhost as its public address',
      { production: true, host: '0.0.0.0', publicBaseUrl: 'http://localhost:8080' },
    ],
  ])('may travel over plain HTTP %s', async (_name, config) => {
    expect(await attributesWith(config)).not.toContain('secure');
  });

  it.each<[string, Partial<AppConfig>]>([
    ['in production on every address', { production: true, host: '0.0.0.0' }],
    ['in production on a network address', { production: true, host: '192.0.2.7' }],
    ['on a host name that only resembles loopback', { production: true, host: '127.0.0.1.example.org' }],
    ['where the public address is HTTPS', { production: false, publicBaseUrl: 'https://opstage.example.org' }],
    [
      'on loopback, where the public address is HTTPS',
      { production: true, host: '127.0.0.1', publicBaseUrl: 'https://x.example' },
    ],
    [
      'where the public address is plain HTTP of another host',
      { production: true, host: '0.0.0.0', publicBaseUrl: 'http://x.example' },
    ],
  ])('is Secure %s', async (_name, config) => {
    // As from a browser whose page came over HTTPS, through a proxy that says nothing.
    expect(await attributesWith(config, { origin: 'https://ops.example', 'sec-fetch-site': 'same-origin' })).toContain(
      'secure',
    );
  });

  describe('where it would be Secure, and the sign-in came over plain HTTP', () => {
    const ON_THE_NETWORK = { production: true, host: '0.0.0.0', publicBaseUrl: 'http://opstage.lan:8147' };

    it.each<[string, Partial<AppConfig>, Record<string, string>]>([
      ['from a program', { production: true, host: '0.0.0.0' }, {}],
      ['from a program, although plain HTTP is the public address', ON_THE_NETWORK, {}],
      ['from a browser', ON_THE_NETWORK, { origin: 'http://opstage.lan:8147' }],
      [
        'from a browser that goes past the proxy',
        { production: true, publicBaseUrl: 'https://ops.example' },
        { origin: 'its own' },
      ],
      ['through a trusted proxy without TLS', { ...ON_THE_NETWORK, trustProxy: 1 }, { 'x-forwarded-proto': 'http' }],
    ])('refuses it %s, and says what to set', async (_name, config, headers) => {
      const app = await sharedTestApp(config);
      const { origin } = headers;
      const sent = origin === 'its own' ? { ...headers, origin: app.api.baseUrl } : headers;
      const answer = await app.api.post(LOGIN, OWNER, { headers: sent });
      const { message } = answer.error(403, 'HTTPS_REQUIRED');
      expect(message).toContain('OPSTAGE_PUBLIC_BASE_URL');
      expect(answer.headers.getSetCookie()).toEqual([]);
    });

    it('does not look at the password, and audits the refusal', async () => {
      const app = await startTestApp({ config: ON_THE_NETWORK });
      await app.api.post(LOGIN, { ...OWNER, password: 'wrong' }).expectError(403, 'HTTPS_REQUIRED');
      const headers = { origin: 'https://ops.example', 'sec-fetch-site': 'same-origin' };
      const answer = await app.api.post(LOGIN, OWNER, { headers });
      const cookie = answer.headers
        .getSetCookie()
        .map((one) => one.split(';')[0])
        .join('; ');
      const events = await app.api
        .get('/api/admin/audit-events?action=session.login.failed', { headers: { cookie } })
        .expectPage();
      expect(events.data).toMatchObject([{ metadata: { reason: 'plain-http' } }]);
    });
  });

  it('is Secure if and only if a trusted proxy says that the client uses TLS', async () => {
    expect(await attributesWith({ trustProxy: 1 }, OVER_TLS)).toContain('secure');
    expect(await attributesWith({ trustProxy: ['loopback'] }, OVER_TLS)).toContain('secure');
    expect(await attributesWith({ trustProxy: ['loopback'] }, { 'x-forwarded-proto': 'http' })).not.toContain('secure');
    expect(await attributesWith({ trustProxy: ['192.0.2.1'] }, OVER_TLS)).not.toContain('secure');
    expect(await attributesWith({ trustProxy: false }, OVER_TLS)).not.toContain('secure');
  });

  it('is cleared at sign-out with the attributes it was set with', async () => {
    const app = await sharedTestApp({ production: true, publicBaseUrl: 'https://x.example' });
    const owner = await app.newUser('owner');
    const { headers } = await owner.post('/api/admin/auth/logout');
    const attributes = attributesOf(headers);
    expect(attributes).toEqual(expect.arrayContaining(['httponly', 'samesite=lax', 'path=/', 'secure']));
    expect(attributes).toContain('expires=thu, 01 jan 1970 00:00:00 gmt');
  });

  it('is set by a successful sign-in only, not by a refused one or an ordinary request', async () => {
    const app = await sharedTestApp();
    const refused = await app.api.post(LOGIN, { ...OWNER, password: 'wrong' });
    refused.error(401, 'UNAUTHORIZED');
    const owner = await app.signIn('owner');
    for (const { headers } of [refused, await owner.get('/api/admin/auth/me'), await app.api.get('/health')]) {
      expect(headers.getSetCookie()).toEqual([]);
    }
  });

  it('is signed, so that any change to it voids it', async () => {
    const app = await sharedTestApp();
    const { cookie } = await app.signIn('owner');
    const value = decodeURIComponent(cookie.slice('opstage_session='.length));
    const [id = '', signature = ''] = value.slice(2).split('.');
    const changed = [
      `s:${id}x.${signature}`,
      `s:${id}.${signature}x`,
      `s:${id}.`,
      `s:${id}`,
      id,
      `j:{"id":"${id}"}`,
      '%zz',
    ];
    for (const text of changed) {
      const headers = { cookie: `opstage_session=${text === '%zz' ? text : encodeURIComponent(text)}` };
      await app.api.get('/api/admin/auth/me', { headers }).expectError(401, 'UNAUTHORIZED');
    }
    await app.api.get('/api/admin/auth/me', { headers: { cookie } }).expectOk();
  });

  it('counts wherever it stands among others of its name, which a sibling domain can set', async () => {
    const app = await sharedTestApp();
    const { cookie } = await app.newUser('owner');
    const ended = await app.newUser('viewer');
    await ended.post('/api/admin/auth/logout').expectOk();
    const forged = `opstage_session=${encodeURIComponent('s:x.y')}`;
    for (const header of [
      `opstage_session=x; ${cookie}`,
      `${forged}; ${cookie}`,
      `${ended.cookie}; ${cookie}`,
      `${cookie}; opstage_session=x`,
      `opstage_session=; opstage_session=%zz; other=1; ${cookie}`,
    ]) {
      await app.api.get('/api/admin/auth/me', { headers: { cookie: header } }).expectOk();
    }
    const headers = { cookie: `${forged}; ${ended.cookie}` };
    await app.api.get('/api/admin/auth/me', { headers }).expectError(401, 'UNAUTHORIZED');
  });

  it('and its CSRF token survive a rotation of the secret; new ones are signed with the new secret', async () => {
    const before = await startTestApp({ config: { sessionSecrets: [OLDER] } });
    const owner = await before.signIn('owner');
    await before.stop();
    const rotated = await startTestApp({ beside: before, config: { sessionSecrets: [NEWER, OLDER] } });
    const old = { cookie: owner.cookie, 'x-csrf-token': owner.session.csrfToken };
    await rotated.api.post('/api/admin/registration-tokens', {}, { headers: old }).expectOk();
    const renewed = await rotated.signIn('owner');
    await rotated.stop();
    const after = await startTestApp({ beside: before, config: { sessionSecrets: [NEWER] } });
    await after.api.get('/api/admin/auth/me', { headers: { cookie: renewed.cookie } }).expectOk();
    await after.api.get('/api/admin/auth/me', { headers: old }).expectError(401, 'UNAUTHORIZED');
  });
});
