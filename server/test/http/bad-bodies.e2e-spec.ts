import { gzipSync } from 'node:zlib';
import type { OpenAPIObject } from '@nestjs/swagger';
import type { AgentSummary } from '#contracts';
import type { RequestOptions } from '#testing';
import { routesOf } from '../support/fuzz/requests-of-route.js';
import { issuePaths, refusalOf } from '../support/refusal.js';
import { sharedTestApp, startTestApp, type TestApp } from '../support/start-test-app.js';

/** One route for each kind of body: public, sign-in, for users, for agents. */
const send = async (app: TestApp, options: RequestOptions): Promise<Record<string, string>> => {
  const owner = await app.signIn('owner');
  const agent = await app.enrolAgent();
  return {
    login: refusalOf(await app.api.request('POST', '/api/admin/auth/login', options)),
    register: refusalOf(await app.api.request('POST', '/api/agents/register', options)),
    create: refusalOf(await owner.request('POST', '/api/admin/users', options)),
    report: refusalOf(await agent.request('POST', '/services/report', options)),
  };
};

const everywhere = (outcome: string): Record<string, string> => ({
  login: outcome,
  register: outcome,
  create: outcome,
  report: outcome,
});

const typed = (rawBody: string | Uint8Array, type = 'application/json', more: Record<string, string> = {}) => ({
  rawBody,
  headers: { 'content-type': type, ...more },
});

const MB = 1_000_000;

describe('a body that cannot be read', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await sharedTestApp();
  });

  it.each<[string, RequestOptions]>([
    ['malformed JSON', typed('{"username": "x"')],
    ['not JSON', typed('hello')],
    ['a bare text', typed('"hello"')],
    ['a bare number', typed('17')],
    ['null', typed('null')],
    ['JSON in UTF-16 declared as UTF-8', typed(Buffer.from('{"a":1}', 'utf16le'))],
    ['unclosed brackets', typed('['.repeat(15_000))],
    ['invalid gzip', typed('{}', 'application/json', { 'content-encoding': 'gzip' })],
  ])('is answered with 400: %s', async (_name, options) => {
    expect(await send(app, options)).toEqual(everywhere('400 REQUEST_ERROR'));
  });

  it.each<[string, RequestOptions]>([
    ['plain text', typed('{}', 'text/plain')],
    ['a form', typed('username=a&password=b', 'application/x-www-form-urlencoded')],
    ['multipart', typed('--x\r\n\r\n--x--', 'multipart/form-data; boundary=x')],
    ['no type', typed('{}', '')],
    ['a media type that only begins like JSON', typed('{}', 'application/jsonp')],
    ['another character set', typed('{}', 'application/json; charset=latin1')],
    ['an unknown encoding', typed('{}', 'application/json', { 'content-encoding': 'snappy' })],
  ])('is answered with 415: %s', async (_name, options) => {
    expect(await send(app, options)).toEqual(everywhere('415 UNSUPPORTED_MEDIA_TYPE'));
  });

  it('is answered with 413: ten megabytes, plain or after decompression', async () => {
    const text = `{"username":"${'x'.repeat(10 * MB)}"}`;
    expect(await send(app, typed(text))).toEqual(everywhere('413 PAYLOAD_TOO_LARGE'));
    const packed = typed(gzipSync(text), 'application/json', { 'content-encoding': 'gzip' });
    expect(await send(app, packed)).toEqual(everywhere('413 PAYLOAD_TOO_LARGE'));
  });

  it.each<[string, RequestOptions]>([
    ['nothing', {}],
    ['an empty object', typed('{}')],
    ['a list', typed('[]')],
    ['a list of objects', typed('[{"username":"a","password":"b","code":"c"}]')],
  ])('is answered with 422 where fields are required: %s', async (_name, options) => {
    expect(await send(app, options)).toEqual(everywhere('422 VALIDATION_FAILED'));
  });

  it('is accepted with any spelling of the JSON media type', async () => {
    for (const type of ['application/json; charset=utf-8', 'APPLICATION/JSON', 'application/merge-patch+json']) {
      expect(await send(app, typed('{}', type))).toEqual(everywhere('422 VALIDATION_FAILED'));
    }
  });

  it('can be omitted where no field is required', async () => {
    const agent = await app.enrolAgent();
    await agent.request('POST', '/heartbeat').expectOk();
    await agent.request('POST', '/heartbeat', typed('', 'text/plain')).expectOk();
  });

  it('changes nothing', async () => {
    const app = await startTestApp();
    const owner = await app.signIn('owner');
    await app.signIn('operator');
    const totals = async () => [
      (await owner.get('/api/admin/users').expectPage()).pagination.total,
      (await owner.get('/api/admin/agents').expectPage()).pagination.total,
      (await owner.get('/api/admin/capsule-services').expectPage()).pagination.total,
    ];
    for (const options of [typed('{"username": "x"'), typed('{}', 'text/plain'), typed('[]')]) await send(app, options);
    expect(await totals()).toEqual([2, 3, 0]);
  });
});

describe('a body on a route that takes none', () => {
  it('is refused with each field named on an admin route, without effect', async () => {
    const app = await sharedTestApp();
    const operator = await app.signIn('operator');
    const agent = await app.enrolAgent();
    const revoke = `/api/admin/agents/${agent.id}/revoke`;
    const error = await operator.post(revoke, { reason: 'x', force: true }).expectError(422, 'VALIDATION_FAILED');
    expect(error.details).toMatchObject({ issues: [{ path: 'reason' }, { path: 'force' }] });
    await agent.heartbeat().expectOk();
    expect(await operator.post(revoke, {}).expectOk<AgentSummary>()).toMatchObject({ status: 'REVOKED' });
  });

  it('is refused on every such admin route', async () => {
    const app = await sharedTestApp();
    const owner = await app.signIn('owner');
    const document = (await app.api.get('/api/openapi.json')).json<OpenAPIObject>();
    const routes = routesOf(document).filter(
      ({ method, path, operation }) =>
        method !== 'GET' && path.startsWith('/api/admin/') && operation.requestBody === undefined,
    );
    expect(routes.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['/api/admin/agents/{id}/revoke', '/api/admin/auth/logout', '/api/admin/maintenance/run']),
    );
    for (const { method, path } of routes) {
      const answer = await owner.request(method, path.replaceAll(/\{\w+\}/g, 'any_1'), { body: { x: 1 } });
      expect({ [`${method} ${path}`]: issuePaths(answer) }).toEqual({ [`${method} ${path}`]: ['x'] });
    }
    await owner.get('/api/admin/auth/me').expectOk();
  });

  it('is refused after the access was checked, not before', async () => {
    const app = await sharedTestApp();
    const viewer = await app.signIn('viewer');
    await viewer.post('/api/admin/maintenance/run', { x: 1 }).expectError(403, 'FORBIDDEN');
    await app.api.post('/api/admin/maintenance/run', { x: 1 }).expectError(401, 'UNAUTHORIZED');
  });
});
