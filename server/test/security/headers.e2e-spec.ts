import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import type { AppConfig } from '../../src/config/app-config.js';
import { sharedTestApp, startTestApp, type TestApp } from '../support/start-test-app.js';
import { LOGIN } from './sign-in-attempts.js';

const OVER_TLS = { 'x-forwarded-proto': 'https' };

/** One answer of each kind: data, refusals, a missing page, the API description and its redirect. */
const PATHS = [
  '/health',
  '/api/system/version',
  '/api/admin/auth/me',
  '/api/agents/agt_1/commands',
  '/api/nowhere',
  '/api/openapi.json',
  '/api/docs',
  '/nowhere.js',
  '/',
];

const directivesOf = (headers: Headers): Readonly<Record<string, string>> =>
  Object.fromEntries(
    (headers.get('content-security-policy') ?? '').split(';').map((directive) => {
      const [name = '', ...values] = directive.trim().split(' ');
      return [name, values.join(' ')];
    }),
  );

describe('every answer', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await sharedTestApp();
  });

  it.each(PATHS)('ASVS 3.4.3 to 3.4.6: restricts what a browser may do with it: %s', async (path) => {
    const { headers } = await app.api.get(path);
    const policy = directivesOf(headers);
    expect(policy).toMatchObject({
      'frame-ancestors': "'none'",
      'base-uri': expect.stringMatching(/^'(none|self)'$/) as string,
    });
    expect(policy['script-src'] ?? policy['default-src']).toMatch(/^'(?:none|self)'$/);
    expect(policy['object-src'] ?? policy['default-src']).toBe("'none'");
    expect(policy['style-src'] ?? '').toBe(
      path === '/api/docs' ? "'self' 'unsafe-inline'" : (policy['style-src'] ?? ''),
    );
    if (path !== '/api/docs') expect(headers.get('content-security-policy')).not.toContain('unsafe');
    expect(Object.fromEntries(headers)).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
    });
    expect(headers.get('permissions-policy')).toContain('camera=()');
    expect(headers.get('permissions-policy')).toContain('publickey-credentials-get=(self)');
    expect(headers.get('x-powered-by')).toBeNull();
    expect(headers.get('access-control-allow-origin')).toBeNull();
  });

  it.each(PATHS.filter((path) => path.startsWith('/api')))(
    'ASVS 14.3.2: of the API forbids caching: %s',
    async (path) => {
      expect((await app.api.get(path)).headers.get('cache-control')).toContain('no-store');
    },
  );

  it('forbids scripts, even when the request was refused', async () => {
    for (const answer of [
      await app.api.request('POST', LOGIN, { rawBody: '{' }),
      await app.api.request('POST', LOGIN, { body: {}, headers: { origin: 'https://evil.example' } }),
      await app.api.get('/api/admin/users?q=%00'),
    ]) {
      expect(directivesOf(answer.headers)).toMatchObject({ 'default-src': "'none'", 'frame-ancestors': "'none'" });
      expect(answer.headers.get('cache-control')).toBe('no-store');
    }
  });
});

describe('ASVS 3.4.3: a page of the console', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'opstage-console-'));
    writeFileSync(join(folder, 'index.html'), '<!doctype html><ops-root></ops-root>');
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it('allows only its own script files, and only styles with the nonce of this answer', async () => {
    const app = await startTestApp({ config: { staticDir: folder } });
    const nonces: string[] = [];
    for (const path of ['/', '/agents', '/settings?section=account']) {
      const { headers, text } = await app.api.get(path);
      const policy = directivesOf(headers);
      expect(headers.get('content-security-policy')).not.toContain('unsafe');
      expect(policy).toMatchObject({
        'default-src': "'self'",
        'script-src': "'self'",
        'object-src': "'none'",
        'frame-ancestors': "'none'",
      });
      const nonce = /ngCspNonce="([^"]{22,})"/.exec(text)?.[1] ?? '';
      expect(policy['style-src']).toBe(`'self' 'nonce-${nonce}'`);
      nonces.push(nonce);
    }
    expect(new Set(nonces).size).toBe(nonces.length);
  });

  it.each([
    ['chunk-BfUbl7hp.js', 'public, max-age=31536000, immutable'],
    ['chunk-DPMeemg_.js', 'public, max-age=31536000, immutable'],
    ['chunk--zouU370.js', 'public, max-age=31536000, immutable'],
    ['main-Z55KSEHI.js', 'public, max-age=31536000, immutable'],
    ['styles-ABCD1234.css', 'public, max-age=31536000, immutable'],
    ['early.js', 'public, max-age=0'],
    ['favicon.svg', 'public, max-age=0'],
  ])('loads %s with Cache-Control: %s', async (file, expected) => {
    writeFileSync(join(folder, file), '/* a file of the console */');
    const app = await startTestApp({ config: { staticDir: folder } });
    expect((await app.api.get(`/${file}`)).headers.get('cache-control')).toBe(expected);
  });

  it('sends what the build compressed as it lies there, and the file itself to a client that wants no compression', async () => {
    const script = '/* a file of the console */';
    for (const [name, content] of [
      ['chunk-compress.js', script],
      ['chunk-compress.js.br', brotliCompressSync(script)],
      ['chunk-compress.js.gz', gzipSync(script)],
    ] as const) {
      writeFileSync(join(folder, name), content);
    }
    const app = await startTestApp({ config: { staticDir: folder } });
    for (const [accepted, encoding] of [
      ['br, gzip', 'br'],
      ['gzip', 'gzip'],
      ['identity', null],
    ] as const) {
      const { headers, text } = await app.api.get('/chunk-compress.js', { headers: { 'accept-encoding': accepted } });
      expect(headers.get('content-encoding')).toBe(encoding);
      expect(headers.get('content-type')).toMatch(/^text\/javascript/);
      expect(headers.get('cache-control')).toContain('immutable');
      expect(headers.get('vary')).toContain('Accept-Encoding');
      expect(text).toBe(script);
    }
  });

  it('says that a file is missing which vanished while the server ran', async () => {
    const file = join(folder, 'chunk-vanished.js');
    writeFileSync(file, 'x');
    writeFileSync(`${file}.br`, brotliCompressSync('x'));
    const app = await startTestApp({ config: { staticDir: folder } });
    rmSync(file);
    rmSync(`${file}.br`);
    const answer = app.api.get('/chunk-vanished.js', { headers: { 'accept-encoding': 'br' } });
    await answer.expectError(404, 'NOT_FOUND');
    expect((await answer).headers.get('content-encoding')).toBeNull();
  });

  it('is never served under an API path, nor are its files', async () => {
    const app = await startTestApp({ config: { staticDir: folder } });
    mkdirSync(join(folder, 'api'), { recursive: true });
    writeFileSync(join(folder, 'api', 'hidden.js'), '/* a file of the console */');
    for (const path of ['/api/hidden.js', '/%61pi/hidden.js', '/API/hidden.js']) {
      await app.api.get(path).expectError(404, 'NOT_FOUND');
    }
  });
});

describe('ASVS 3.4.1: HSTS', () => {
  const hstsWith = async (config: Partial<AppConfig>, headers: Record<string, string> = {}): Promise<string | null> => {
    const app = await sharedTestApp(config);
    return (await app.api.get('/health', { headers })).headers.get('strict-transport-security');
  };

  it('lasts a year where the public address or a trusted proxy says the request came over TLS', async () => {
    const held = 'max-age=31536000';
    expect(await hstsWith({ publicBaseUrl: 'https://ops.example.org' })).toBe(held);
    expect(await hstsWith({ trustProxy: 1 }, OVER_TLS)).toBe(held);
    expect(await hstsWith({ trustProxy: ['loopback'] }, OVER_TLS)).toBe(held);
  });

  it('is not sent over plain HTTP, whatever an untrusted client claims', async () => {
    expect(await hstsWith({})).toBeNull();
    expect(await hstsWith({}, OVER_TLS)).toBeNull();
    expect(await hstsWith({ trustProxy: ['192.0.2.1'] }, OVER_TLS)).toBeNull();
    expect(await hstsWith({ trustProxy: 1 })).toBeNull();
    expect(await hstsWith({ publicBaseUrl: 'http://ops.example.org' })).toBeNull();
  });
});
