import type { AuditEvent, SessionInfo, User } from '#contracts';
import { aText, anId, anInstant, listWith } from '../support/matchers.js';
import { OWNER, sharedTestApp, startTestApp, type TestApp } from '../support/start-test-app.js';
import { storedText } from '../support/stored-text.js';

const LOGIN = '/api/admin/auth/login';

describe('signing in', () => {
  it('returns the user, the CSRF token and the expiry, and sets the session cookie', async () => {
    const app = await sharedTestApp();
    const answer = await app.api.post(LOGIN, OWNER);
    const session = answer.data<SessionInfo>();
    expect(answer.json()).toEqual({ success: true, data: session });
    expect(session).toEqual({
      user: {
        id: anId('usr'),
        username: 'owner',
        displayName: null,
        role: 'owner',
        status: 'ACTIVE',
      },
      csrfToken: aText(/^[\w-]{32,}$/),
      expiresAt: anInstant(),
    });
    const secondsLeft = (Date.parse(session.expiresAt) - app.clock.now().getTime()) / 1000;
    expect(secondsLeft).toBeGreaterThan(28_790);
    expect(secondsLeft).toBeLessThanOrEqual(28_800);

    const cookies = answer.headers.getSetCookie();
    expect(cookies.map((cookie) => cookie.split('=')[0])).toEqual(['opstage_session', 'opstage_device']);
    expect(cookies[0]).toMatch(/^opstage_session=[^;]{60,};/);
    for (const attribute of ['Max-Age=28800', 'Path=/', 'HttpOnly', 'SameSite=Lax']) {
      expect(cookies[0]).toContain(attribute);
    }
  });

  it('ignores the case of the name, and records the time', async () => {
    const app = await sharedTestApp();
    await app.api.post(LOGIN, { ...OWNER, username: 'OWNER' }).expectOk();
    const owner = await app.signIn('owner');
    const [user] = (await owner.get('/api/admin/users?q=owner').expectPage<User>()).data;
    expect(user).toMatchObject({ username: 'owner', lastLoginAt: anInstant() });
  });

  it('gives the same answer for an unknown name, a wrong password and a disabled user', async () => {
    const app = await sharedTestApp();
    const owner = await app.signIn('owner');
    const disabled = { username: 'disabled', password: 'a password long enough', role: 'viewer' };
    const { id } = await owner.post('/api/admin/users', disabled).expectOk<User>();
    await owner.patch(`/api/admin/users/${id}`, { status: 'DISABLED' }).expectOk();

    const answers = await Promise.all([
      app.api.post(LOGIN, { username: 'nobody', password: 'a password long enough' }),
      app.api.post(LOGIN, { username: 'owner', password: 'a wrong password here' }),
      app.api.post(LOGIN, { username: 'disabled', password: 'a password long enough' }),
    ]);
    for (const answer of answers) {
      answer.error(401, 'UNAUTHORIZED');
      expect(answer.text).toBe(answers[0].text);
      expect(answer.headers.getSetCookie()).toEqual([]);
    }
  });

  it('audits who signed in and from where', async () => {
    const app = await startTestApp();
    const owner = await app.signIn('owner');
    const [event] = await app.auditEvents('session.login.succeeded');
    expect(event).toEqual({
      id: anId('aud'),
      actorType: 'USER',
      actorId: owner.session.user.id,
      actorName: 'owner',
      action: 'session.login.succeeded',
      targetType: 'User',
      targetId: owner.session.user.id,
      result: 'SUCCESS',
      message: 'owner signed in.',
      ipAddress: '127.0.0.1',
      userAgent: aText(),
      metadata: {},
      createdAt: anInstant(),
    });
  });

  it('audits a failed sign-in with the name of the user it was tried for, and stores the password nowhere', async () => {
    const app = await startTestApp();
    await app.api.post(LOGIN, { username: 'owner', password: 'hunter2-hunter2' }).expectError(401, 'UNAUTHORIZED');
    await app.api.post(LOGIN, { username: 'nobody', password: 'hunter2-hunter2' }).expectError(401, 'UNAUTHORIZED');
    const events = await app.auditEvents('session.login.failed');
    const refused: Partial<AuditEvent> = { actorType: 'USER', actorId: null, actorName: null, result: 'FAILURE' };
    expect(events).toMatchObject([
      { ...refused, targetId: null, metadata: {} },
      { ...refused, targetId: anId('usr'), metadata: { username: 'owner' } },
    ]);
    expect(await storedText(app)).not.toContain('hunter2');
  });
});

describe('a malformed sign-in request', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await sharedTestApp();
  });

  it.each([
    ['nothing', undefined, 'username'],
    ['an empty body', {}, 'username'],
    ['no password', { username: 'owner' }, 'password'],
    ['an empty password', { username: 'owner', password: '' }, 'password'],
    ['a password that is a list', { username: 'owner', password: ['x'] }, 'password'],
    ['a name that is an object', { username: { $ne: null }, password: 'x' }, 'username'],
    ['a name that is null', { username: null, password: 'x' }, 'username'],
    ['a password of ten thousand characters', { username: 'owner', password: 'x'.repeat(10_000) }, 'password'],
    ['an unknown field', { ...OWNER, role: 'owner' }, 'role'],
  ])('is refused: %s', async (_, body, path) => {
    const { details } = await app.api.post(LOGIN, body).expectError(422, 'VALIDATION_FAILED');
    expect(details).toEqual({ issues: listWith({ path, message: aText() }) });
  });
});
