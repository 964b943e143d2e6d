import type { ErrorEnvelope } from '#contracts';
import type { TestAgent, TestOperator } from '#testing';
import { PUBLIC_URL } from '../support/passkeys.js';
import { startTestApp, type TestApp } from '../support/start-test-app.js';

const USERS = '/api/admin/users';
const LOGIN = '/api/admin/auth/login';
const UNKNOWN = 'agt_01ARZ3NDEKTSV4RRFFQ69G5FAV';
const FOREIGN = { 'sec-fetch-site': 'cross-site' };
const MALFORMED = { rawBody: '{' };

interface Sent {
  readonly body?: unknown;
  readonly rawBody?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

describe('the order of the checks of a request', () => {
  let app: TestApp;
  let viewer: TestOperator;
  let operator: TestOperator;
  let agent: TestAgent;

  beforeAll(async () => {
    app = await startTestApp({ config: { publicBaseUrl: PUBLIC_URL, agentRequestsPerSecond: 1 } });
    [viewer, operator, agent] = [await app.signIn('viewer'), await app.signIn('operator'), await app.enrolAgent()];
  });

  const outcome = async (of: TestApp, method: string, path: string, sent: Sent = {}): Promise<string> => {
    const answer = await of.api.request(method, path, sent);
    return answer.text === '' ? String(answer.status) : `${answer.status} ${answer.json<ErrorEnvelope>().error.code}`;
  };

  const as = (user: TestOperator, csrfToken = user.session.csrfToken): Readonly<Record<string, string>> => ({
    cookie: user.cookie,
    'x-csrf-token': csrfToken,
  });

  const asAgent = ({ token }: TestAgent): Readonly<Record<string, string>> => ({ authorization: `Bearer ${token}` });

  it('is the IP allow-list before the same-origin check', async () => {
    const closed = await startTestApp({ config: { adminAllowedCidrs: ['198.51.100.0/24'] } });
    expect(await outcome(closed, 'POST', LOGIN, { headers: FOREIGN })).toBe('403 ADDRESS_NOT_ALLOWED');
    expect(await outcome(closed, 'GET', '/%zz')).toBe('403 ADDRESS_NOT_ALLOWED');
    const answer = await closed.api.get(USERS);
    expect([answer.headers.get('cache-control'), answer.headers.has('x-request-id')]).toEqual(['no-store', true]);
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
  });

  it('is the same-origin check before the check of the URL, and that before the router', async () => {
    expect(await outcome(app, 'POST', '/api/admin/%zz', { headers: FOREIGN })).toBe('403 CROSS_SITE_REQUEST');
    expect(await outcome(app, 'POST', '/api/admin/nothing', { headers: FOREIGN })).toBe('403 CROSS_SITE_REQUEST');
    expect(await outcome(app, 'GET', '/api/nothing/%zz')).toBe('400 REQUEST_ERROR');
    expect(await outcome(app, 'GET', `${USERS}?q=%00`)).toBe('422 VALIDATION_FAILED');
  });

  it('is the router before the guard', async () => {
    expect(await outcome(app, 'GET', '/api/admin/nothing')).toBe('404 NOT_FOUND');
    expect(await outcome(app, 'PUT', USERS)).toBe('405 METHOD_NOT_ALLOWED');
  });

  it('is, for a GET with an effect, HEAD before the site, and both before authentication', async () => {
    expect(await outcome(app, 'HEAD', '/api/admin/auth/csrf', { headers: FOREIGN })).toBe('405');
    expect(await outcome(app, 'GET', '/api/admin/auth/csrf', { headers: FOREIGN })).toBe('403 CROSS_SITE_REQUEST');
    expect(await outcome(app, 'GET', `/api/agents/${UNKNOWN}/commands`, { headers: FOREIGN })).toBe(
      '403 CROSS_SITE_REQUEST',
    );
  });

  it('is, for a user, the session, the CSRF token, the missing passkey, the role, the body, its fields', async () => {
    const headers = as(viewer);
    const wrongToken = as(viewer, 'wrong');
    const settings = '/api/admin/settings/sign-in';
    const owner = await app.signIn('owner');
    expect(await outcome(app, 'POST', USERS, { headers: { 'x-csrf-token': 'wrong' } })).toBe('401 UNAUTHORIZED');
    await owner.patch(settings, { passkeyRequiredRoles: ['viewer'] }).expectOk();
    expect(await outcome(app, 'POST', USERS, { headers: wrongToken })).toBe('403 CSRF_INVALID');
    expect(await outcome(app, 'POST', USERS, { headers })).toBe('403 PASSKEY_ENROLMENT_REQUIRED');
    await owner.patch(settings, { passkeyRequiredRoles: [] }).expectOk();
    expect(await outcome(app, 'POST', USERS, { headers, ...MALFORMED })).toBe('403 FORBIDDEN');
    expect(await outcome(app, 'POST', USERS, { headers: as(owner), ...MALFORMED })).toBe('400 REQUEST_ERROR');
    expect(await outcome(app, 'PATCH', `${USERS}/${UNKNOWN}`, { headers: as(owner), body: { x: 1 } })).toBe(
      '422 VALIDATION_FAILED',
    );
    expect(await outcome(app, 'POST', `/api/admin/agents/${UNKNOWN}/disable`, { headers: as(operator) })).toBe(
      '404 AGENT_NOT_FOUND',
    );
  });

  it('is an undeclared body before the parameters', async () => {
    const answer = await app.api.request('POST', '/api/admin/agents/%20/disable', {
      headers: as(operator),
      body: { x: 1 },
    });
    expect(answer.error(422, 'VALIDATION_FAILED').details).toMatchObject({ issues: [{ path: 'x' }] });
  });

  it('is, for an agent, the token, the id in the path, its state, its rate limit, the body', async () => {
    const path = (id: string): string => `/api/agents/${id}/heartbeat`;
    const headers = asAgent(agent);
    expect(await outcome(app, 'POST', path(UNKNOWN), { headers: asAgent({ ...agent, token: 'x' } as TestAgent) })).toBe(
      '401 UNAUTHORIZED',
    );
    let last = '';
    for (let i = 0; i < 20 && last !== '429 RATE_LIMITED'; i += 1) {
      last = await outcome(app, 'POST', path(agent.id), { headers, ...MALFORMED });
      if (i === 0) expect(last).toBe('400 REQUEST_ERROR');
    }
    expect(last).toBe('429 RATE_LIMITED');
    await operator.post(`/api/admin/agents/${agent.id}/disable`).expectOk();
    expect(await outcome(app, 'POST', path(agent.id), { headers })).toBe('403 AGENT_DISABLED');
    expect(await outcome(app, 'POST', path(UNKNOWN), { headers })).toBe('403 AGENT_ID_MISMATCH');
  });

  it('is, for a sign-in, the body, its fields, the password', async () => {
    expect(await outcome(app, 'POST', LOGIN, MALFORMED)).toBe('400 REQUEST_ERROR');
    expect(await outcome(app, 'POST', LOGIN, { body: { username: 'nobody' } })).toBe('422 VALIDATION_FAILED');
    expect(await outcome(app, 'POST', LOGIN, { body: { username: 'nobody', password: 'wrong' } })).toBe(
      '401 UNAUTHORIZED',
    );
  });
});
