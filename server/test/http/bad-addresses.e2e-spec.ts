import type { TestAgent, TestOperator } from '#testing';
import { refusalOf } from '../support/refusal.js';
import { startTestApp, type TestApp } from '../support/start-test-app.js';

const ULID = '01ARZ3NDEKTSV4RRFFQ69G5FAV';

describe('an address', () => {
  let app: TestApp;
  let owner: TestOperator;
  let agent: TestAgent;

  beforeAll(async () => {
    app = await startTestApp();
    owner = await app.signIn('owner');
    agent = await app.enrolAgent();
  });

  it.each([
    ['PATCH', '/api/admin/users/:id', 'USER_NOT_FOUND'],
    ['POST', '/api/admin/users/:id/reset-password', 'USER_NOT_FOUND'],
    ['POST', '/api/admin/registration-tokens/:id/revoke', 'REGISTRATION_TOKEN_NOT_FOUND'],
    ['DELETE', '/api/admin/registration-tokens/:id', 'REGISTRATION_TOKEN_NOT_FOUND'],
    ['GET', '/api/admin/agents/:id', 'AGENT_NOT_FOUND'],
    ['POST', '/api/admin/agents/:id/disable', 'AGENT_NOT_FOUND'],
    ['POST', '/api/admin/agents/:id/enable', 'AGENT_NOT_FOUND'],
    ['POST', '/api/admin/agents/:id/revoke', 'AGENT_NOT_FOUND'],
    ['GET', '/api/admin/capsule-services/:id', 'CAPSULE_SERVICE_NOT_FOUND'],
    ['GET', '/api/admin/capsule-services/:id/manifest', 'CAPSULE_SERVICE_NOT_FOUND'],
    ['GET', '/api/admin/capsule-services/:id/health', 'CAPSULE_SERVICE_NOT_FOUND'],
    ['GET', '/api/admin/capsule-services/:id/configs', 'CAPSULE_SERVICE_NOT_FOUND'],
    ['GET', '/api/admin/capsule-services/:id/actions', 'CAPSULE_SERVICE_NOT_FOUND'],
    ['GET', '/api/admin/capsule-services/:id/actions/echo', 'CAPSULE_SERVICE_NOT_FOUND'],
    ['POST', '/api/admin/capsule-services/:id/actions/echo', 'CAPSULE_SERVICE_NOT_FOUND'],
    ['GET', '/api/admin/commands/:id', 'COMMAND_NOT_FOUND'],
    ['POST', '/api/admin/commands/:id/cancel', 'COMMAND_NOT_FOUND'],
    ['POST', '/api/admin/commands/:id/retry', 'COMMAND_NOT_FOUND'],
    ['GET', '/api/admin/audit-events/:id', 'AUDIT_EVENT_NOT_FOUND'],
  ])('of an unknown object is answered with 404 and a specific code: %s %s', async (method, path, code) => {
    const ids = [
      `xxx_${ULID}`,
      '1',
      "'",
      '%25',
      '..%2f..%2fusers',
      '%F0%9F%92%A5',
      'x'.repeat(5_000),
      '__proto__',
      'null',
    ];
    for (const id of ids) {
      const body = path.endsWith('password') ? { newPassword: 'long enough password' } : {};
      const answer = await owner.request(method, path.replace(':id', id), method === 'GET' ? {} : { body });
      expect({ [id.slice(0, 40)]: refusalOf(answer) }).toEqual({ [id.slice(0, 40)]: `404 ${code}` });
    }
  });

  it('of a command of another agent is answered with 404', async () => {
    for (const id of [`cmd_${ULID}`, 'x', '%25', 'x'.repeat(5_000)]) {
      const answer = await agent.request('POST', `/commands/${id}/result`, { body: { success: true } });
      expect(refusalOf(answer)).toBe('404 COMMAND_NOT_FOUND');
    }
  });

  it.each([
    '/api',
    '/api/',
    '/api/nothing',
    '/api/admin',
    '/api/admin/user',
    '/api/admin/users.',
    '/api/admin/users..',
    '/api/admin/users;x',
    '/api/admin/users%20',
    '/api/admin/users%2f',
    '/api//admin/users',
    '/api/admin//users',
    '//api/admin/users',
    '/API/admin/users',
    '/api/Admin/users',
    '/api/admin/USERS',
    '/api/%61dmin/users',
    '/%61pi/admin/users',
    '/api%2fadmin%2fusers',
    '/api/admin/%2e%2e%2fadmin/users',
    '/api/system/Health',
  ])('without a route is answered with 404 in every spelling: %s', async (path) => {
    // fetch would normalize unusual paths, so they are appended to the origin by hand.
    const answer = await owner.request('GET', new URL(app.api.baseUrl).origin + path);
    expect(refusalOf(answer)).toBe('404 NOT_FOUND');
    expect(refusalOf(await app.api.request('POST', new URL(app.api.baseUrl).origin + path, { body: {} }))).toBe(
      '404 NOT_FOUND',
    );
  });

  it('can end with a slash', async () => {
    await owner.get('/api/admin/users/').expectOk();
    await app.api.get('/api/admin/users/').expectError(401, 'UNAUTHORIZED');
  });

  it.each([
    '/api/%zz',
    '/api/%',
    '/api/admin/users/%zz',
    '/api/admin/agents/%ff',
    '/api/admin/agents/%ed%a0%80',
    '/api/docs/%zz',
  ])('with a malformed escape is answered with 400: %s', async (path) => {
    expect(refusalOf(await owner.get(path))).toBe('400 REQUEST_ERROR');
  });

  it.each([
    '/api/%00',
    '/api/admin/users/%00',
    '/api/admin/agents/a%00b',
    '/api/admin/commands/%00',
    '/api/docs/%00',
    '/health%00',
  ])('with U+0000 is answered with 400: %s', async (path) => {
    expect(refusalOf(await owner.get(path))).toBe('400 REQUEST_ERROR');
  });

  it.each([
    ['PUT', '/api/admin/users', 'GET, HEAD, POST'],
    ['DELETE', '/api/admin/agents', 'GET, HEAD'],
    ['GET', '/api/admin/auth/login', 'POST'],
    ['GET', '/api/admin/users/x', 'PATCH'],
    ['POST', '/api/admin/settings/maintenance', 'GET, HEAD, PATCH'],
    ['POST', '/api/system/health', 'GET, HEAD'],
    ['POST', '/health', 'GET, HEAD'],
    ['GET', '/api/agents/register', 'POST'],
    ['OPTIONS', '/api/agents/agt_1/heartbeat', 'POST'],
    ['PROPFIND', '/api/admin/commands/x', 'GET, HEAD'],
    ['POST', '/api/docs', 'GET, HEAD'],
  ])(
    'called with the wrong method is answered with 405 and the allowed methods: %s %s',
    async (method, path, allow) => {
      const answer = await app.api.request(method, path);
      expect(answer.headers.get('allow')).toBe(allow);
      expect(refusalOf(answer)).toBe('405 METHOD_NOT_ALLOWED');
    },
  );
});
