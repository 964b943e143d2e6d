import type { EndedSessions, SessionSummary } from '#contracts';
import { TestOperator } from '#testing';
import { anId, anInstant, aText } from '../support/matchers.js';
import { OWNER, PASSWORD, startTestApp, type TestApp } from '../support/start-test-app.js';
import { LOGIN } from './sign-in-attempts.js';

const ME = '/api/admin/auth/me';
const OWN = '/api/admin/auth/sessions';

const another = (app: TestApp, username: string = OWNER.username): Promise<TestOperator> =>
  TestOperator.signIn(app.api, username, username === OWNER.username ? OWNER.password : PASSWORD);

const sessionsOf = async (user: TestOperator, path = OWN): Promise<readonly SessionSummary[]> =>
  (await user.get(path).expectPage<SessionSummary>()).data;

const currentOf = (sessions: readonly SessionSummary[]): SessionSummary => sessions.find(({ current }) => current)!;

describe('ASVS 7.5.2: one’s own sessions', () => {
  it('are listed, most recently used first, with the current one marked and without anything that opens one', async () => {
    const app = await startTestApp();
    const [older, newer] = [await another(app), await another(app)];
    app.clock.advance(120);
    await older.get(ME).expectOk();
    const list = await sessionsOf(older);
    expect(list.map(({ current }) => current)).toEqual([true, false]);
    expect(list[0]).toEqual({
      id: anId('ses'),
      current: true,
      ipAddress: '127.0.0.1',
      userAgent: aText(),
      createdAt: anInstant(),
      lastSeenAt: anInstant(),
      expiresAt: anInstant(),
    });
    expect(Date.parse(list[0]!.lastSeenAt)).toBeGreaterThanOrEqual(Date.parse(list[1]!.lastSeenAt) + 120_000);
    expect(currentOf(await sessionsOf(newer)).id).toBe(list[1]!.id);
    const { pagination } = await older.get(`${OWN}?page=2&pageSize=1`).expectPage<SessionSummary>();
    expect(pagination).toEqual({ page: 2, pageSize: 1, total: 2 });
  });

  it('can be ended one by one or all others together, with immediate effect, and audited', async () => {
    const app = await startTestApp();
    const [here, there, everywhere] = [await another(app), await another(app), await another(app)];
    const { id } = currentOf(await sessionsOf(there));
    expect(await here.delete(`${OWN}/${id}`).expectOk<EndedSessions>()).toEqual({ ended: 1 });
    await there.get(ME).expectError(401, 'UNAUTHORIZED');
    await here.delete(`${OWN}/${id}`).expectError(404, 'SESSION_NOT_FOUND');
    await everywhere.get(ME).expectOk();
    expect(await here.delete(OWN).expectOk<EndedSessions>()).toEqual({ ended: 1 });
    await everywhere.get(ME).expectError(401, 'UNAUTHORIZED');
    expect(await here.delete(OWN).expectOk<EndedSessions>()).toEqual({ ended: 0 });
    expect(await sessionsOf(here)).toHaveLength(1);
    const events = await app.auditEvents('session.ended');
    expect(events).toHaveLength(2);
    expect(events[1]).toMatchObject({
      actorName: 'owner',
      targetType: 'User',
      targetId: here.session.user.id,
      metadata: { username: 'owner', ended: 1, endedIds: [id] },
    });
  });

  it('do not include those of other users, which are not found and stay open', async () => {
    const app = await startTestApp();
    const [viewer, operator] = [await app.signIn('viewer'), await app.signIn('operator')];
    const { id } = currentOf(await sessionsOf(operator));
    await viewer.delete(`${OWN}/${id}`).expectError(404, 'SESSION_NOT_FOUND');
    await operator.get(ME).expectOk();
    expect((await sessionsOf(viewer)).map((session) => session.id)).not.toContain(id);
  });
});

describe('ASVS 7.4.5: an owner', () => {
  it('lists and ends the sessions of any user', async () => {
    const app = await startTestApp();
    const owner = await app.signIn('owner');
    const first = await app.signIn('viewer');
    const [second, third] = [await another(app, 'viewer'), await another(app, 'viewer')];
    const path = `/api/admin/users/${first.session.user.id}/sessions`;
    const list = await sessionsOf(owner, path);
    expect(list.map(({ current }) => current)).toEqual([false, false, false]);
    const { id } = currentOf(await sessionsOf(second));
    expect(await owner.delete(`${path}/${id}`).expectOk<EndedSessions>()).toEqual({ ended: 1 });
    await second.get(ME).expectError(401, 'UNAUTHORIZED');
    await third.get(ME).expectOk();
    expect(await owner.delete(path).expectOk<EndedSessions>()).toEqual({ ended: 2 });
    await third.get(ME).expectError(401, 'UNAUTHORIZED');
    await owner.get(ME).expectOk();
    expect(await app.auditEvents('session.ended')).toMatchObject([
      { actorName: 'owner', targetId: first.session.user.id, metadata: { ended: 2 } },
      { actorName: 'owner', metadata: { ended: 1, endedIds: [id] } },
    ]);
    await owner.get('/api/admin/users/usr_01ARZ3NDEKTSV4RRFFQ69G5FAV/sessions').expectError(404, 'USER_NOT_FOUND');
    await owner.delete(`${path}/${id}`).expectError(404, 'SESSION_NOT_FOUND');
  });

  it('is the only role that can do this', async () => {
    const app = await startTestApp();
    const operator = await app.signIn('operator');
    const owner = await app.signIn('owner');
    const path = `/api/admin/users/${owner.session.user.id}/sessions`;
    await operator.get(path).expectError(403, 'FORBIDDEN');
    await operator.delete(path).expectError(403, 'FORBIDDEN');
    await owner.get(ME).expectOk();
  });
});

describe('ASVS 7.2.4: signing in', () => {
  it('always opens a new session, and ends the one whose cookie the browser sends', async () => {
    const app = await startTestApp();
    const before = await another(app);
    const fixed = 'opstage_session=s%3Achosen-by-somebody-else.signature';
    for (const cookie of [before.cookie, fixed]) {
      const answer = await app.api.post(LOGIN, OWNER, { headers: { cookie } });
      const [made = ''] = answer.headers.getSetCookie();
      expect(made).toMatch(/^opstage_session=/);
      expect(made.split(';')[0]).not.toBe(cookie);
      await app.api.get(ME, { headers: { cookie } }).expectError(401, 'UNAUTHORIZED');
      await app.api.get(ME, { headers: { cookie: made.split(';')[0]! } }).expectOk();
    }
  });

  it('does not end the session of the cookie when it is refused', async () => {
    const app = await startTestApp();
    const before = await another(app);
    const { cookie } = before;
    await app.api
      .post(LOGIN, { ...OWNER, password: 'wrong' }, { headers: { cookie } })
      .expectError(401, 'UNAUTHORIZED');
    await before.get(ME).expectOk();
  });
});

describe('ASVS 7.3.1, 7.3.2: a session', () => {
  it('ends after its idle time, and after its absolute limit however much it is used', async () => {
    const config = { sessionTtlSeconds: 1_000, sessionAbsoluteSeconds: 3_000 };
    const app = await startTestApp({ config });
    app.clock.stop();
    const [idle, busy] = [await another(app), await another(app)];
    const end = app.clock.now().getTime() + 3_000_000;
    for (let use = 0; use < 3; use += 1) {
      app.clock.advance(900);
      await busy.get(ME).expectOk();
    }
    await idle.get(ME).expectError(401, 'UNAUTHORIZED');
    expect(Date.parse(currentOf(await sessionsOf(busy)).expiresAt)).toBe(end);
    app.clock.advance(299);
    await busy.get(ME).expectOk();
    app.clock.advance(1);
    await busy.get(ME).expectError(401, 'UNAUTHORIZED');
  });

  it('that is older than a newly set limit ends when the server starts with that limit', async () => {
    const before = await startTestApp();
    const owner = await another(before);
    before.clock.advance(4_000);
    await owner.get(ME).expectOk();
    await before.stop();
    const after = await startTestApp({ beside: before, config: { sessionAbsoluteSeconds: 3_600 } });
    await owner.at(after.api).get(ME).expectError(401, 'UNAUTHORIZED');
  });
});
