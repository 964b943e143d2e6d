import type { CsrfInfo, SessionInfo } from '#contracts';
import { TestOperator } from '#testing';
import { OWNER, sharedTestApp, startTestApp, type TestApp } from '../support/start-test-app.js';
import { storedText } from '../support/stored-text.js';

const ME = '/api/admin/auth/me';
const TTL_SECONDS = 28_800;

const signInAgain = (app: TestApp): Promise<TestOperator> =>
  TestOperator.signIn(app.api, OWNER.username, OWNER.password);

/** The random id in the cookie, without its signature. */
const secretOf = ({ cookie }: TestOperator): string =>
  decodeURIComponent(cookie.split('=')[1] ?? '').replace(/^s:([^.]+)\..*$/, '$1');

describe('a session', () => {
  it('shows who is signed in, with its CSRF token and expiry', async () => {
    const app = await sharedTestApp();
    const owner = await signInAgain(app);
    expect(await owner.get(ME).expectOk<SessionInfo>()).toEqual(owner.session);
  });

  it('needs a cookie with our signature', async () => {
    const app = await sharedTestApp();
    const owner = await signInAgain(app);
    await app.api.get(ME).expectError(401, 'UNAUTHORIZED');
    for (const cookie of [
      'opstage_session=',
      `opstage_session=${secretOf(owner)}`,
      `opstage_session=s:${secretOf(owner)}.forged`,
      owner.cookie.slice(0, -1),
    ]) {
      await app.api.get(ME, { headers: { cookie } }).expectError(401, 'UNAUTHORIZED');
    }
  });

  it('survives a restart of the server', async () => {
    const before = await startTestApp();
    const owner = await signInAgain(before);
    await before.stop();
    const after = await startTestApp({ beside: before });
    const headers = { cookie: owner.cookie, 'x-csrf-token': owner.session.csrfToken };
    const me = await after.api.get(ME, { headers }).expectOk<SessionInfo>();
    expect(me).toEqual(owner.session);
    await after.api.post('/api/admin/registration-tokens', {}, { headers }).expectOk();
  });

  it('survives a rotation of the secret, and ends when its own secret is removed', async () => {
    const [older, newer] = ['an older secret of 32 characters!', 'a newer secret of 32 characters!!'];
    const before = await startTestApp({ config: { sessionSecrets: [older] } });
    const owner = await signInAgain(before);
    const headers = { cookie: owner.cookie };
    await before.stop();
    const rotated = await startTestApp({ beside: before, config: { sessionSecrets: [newer, older] } });
    await rotated.api.get(ME, { headers }).expectOk();
    await rotated.stop();
    const renewed = await startTestApp({ beside: before, config: { sessionSecrets: [newer] } });
    await renewed.api.get(ME, { headers }).expectError(401, 'UNAUTHORIZED');
  });

  it('is stored as a hash only', async () => {
    const app = await sharedTestApp();
    const owner = await signInAgain(app);
    const secret = secretOf(owner);
    expect(Buffer.from(secret, 'base64url')).toHaveLength(32);
    const stored = await storedText(app);
    expect(stored).not.toContain(secret);
    expect(stored).not.toContain(owner.session.csrfToken);
  });

  it('is extended by use, with a renewed cookie, but not written with every request', async () => {
    const app = await sharedTestApp();
    const owner = await signInAgain(app);
    expect((await owner.get(ME)).headers.getSetCookie()).toEqual([]);
    app.clock.advance(600);
    const answer = await owner.get(ME);
    expect(answer.headers.getSetCookie()).toEqual([expect.stringContaining(`Max-Age=${TTL_SECONDS}`)]);
    expect(answer.headers.getSetCookie()[0]).toContain(`${owner.cookie};`);
    const gainedMs = Date.parse(answer.data<SessionInfo>().expiresAt) - Date.parse(owner.session.expiresAt);
    expect(gainedMs).toBeGreaterThanOrEqual(600_000);
    expect((await owner.get(ME)).headers.getSetCookie()).toEqual([]);
  });

  it('lives as long as it is used, and ends after one idle time', async () => {
    const app = await sharedTestApp();
    const owner = await signInAgain(app);
    for (let use = 0; use < 3; use += 1) {
      app.clock.advance(TTL_SECONDS - 60);
      await owner.get(ME).expectOk();
    }
    app.clock.advance(TTL_SECONDS + 1);
    await owner.get(ME).expectError(401, 'UNAUTHORIZED');
  });

  it('ends with the sign-out, which clears its cookie and leaves other sessions open', async () => {
    const app = await sharedTestApp();
    const [leaving, staying] = [await signInAgain(app), await signInAgain(app)];
    const answer = await leaving.post('/api/admin/auth/logout');
    expect(answer.json()).toEqual({ success: true, data: { done: true } });
    expect(answer.headers.getSetCookie().at(-1)).toMatch(/^opstage_session=;.*Expires=Thu, 01 Jan 1970/);
    await leaving.get(ME).expectError(401, 'UNAUTHORIZED');
    await staying.get(ME).expectOk();
    const [event] = await app.auditEvents('session.logout');
    expect(event).toMatchObject({
      actorName: 'owner',
      targetId: leaving.session.user.id,
      message: 'owner signed out.',
    });
  });

  it('accepts only its newest CSRF token', async () => {
    const app = await sharedTestApp();
    const owner = await signInAgain(app);
    const other = await signInAgain(app);
    const { csrfToken } = await owner.get('/api/admin/auth/csrf').expectOk<CsrfInfo>();
    expect(csrfToken).not.toBe(owner.session.csrfToken);
    const makeToken = (csrf: string) =>
      app.api.post('/api/admin/registration-tokens', {}, { headers: { cookie: owner.cookie, 'x-csrf-token': csrf } });
    await makeToken(owner.session.csrfToken).expectError(403, 'CSRF_INVALID');
    await makeToken(other.session.csrfToken).expectError(403, 'CSRF_INVALID');
    await makeToken('').expectError(403, 'CSRF_INVALID');
    await makeToken(csrfToken).expectOk();
    expect((await owner.get(ME).expectOk<SessionInfo>()).csrfToken).toBe(csrfToken);
    const [event] = await app.auditEvents('session.csrf.refreshed');
    expect(event).toMatchObject({ actorName: 'owner', targetType: 'User', targetId: owner.session.user.id });
  });
});
