import type { AuditEvent, User } from '#contracts';
import { TestOperator } from '#testing';
import { aText, listWith } from '../support/matchers.js';
import { OWNER, PASSWORD as GIVEN, startTestApp, type TestApp } from '../support/start-test-app.js';
import { storedText } from '../support/stored-text.js';

const PASSWORD = '/api/admin/auth/password';
const ME = '/api/admin/auth/me';
const NEW_PASSWORD = 'another horse, another battery';

const signInAgain = (app: TestApp, password: string = OWNER.password): Promise<TestOperator> =>
  TestOperator.signIn(app.api, OWNER.username, password);

const change = (currentPassword: string, newPassword: string) => ({ currentPassword, newPassword });

const changesSeenBy = async (user: TestOperator): Promise<readonly AuditEvent[]> =>
  (await user.get('/api/admin/audit-events?action=user.password.changed').expectPage<AuditEvent>()).data;

describe('changing your own password', () => {
  it('ends the other sessions, keeps this one, and makes the new password the only one', async () => {
    const app = await startTestApp();
    const [here, elsewhere] = [await signInAgain(app), await signInAgain(app)];
    const answer = await here.post(PASSWORD, change(OWNER.password, NEW_PASSWORD));
    expect(answer.json()).toEqual({ success: true, data: { done: true } });
    await elsewhere.get(ME).expectError(401, 'UNAUTHORIZED');
    await here.get(ME).expectOk();
    await here.post('/api/admin/registration-tokens', {}).expectOk();
    await app.api.post('/api/admin/auth/login', OWNER).expectError(401, 'UNAUTHORIZED');
    await signInAgain(app, NEW_PASSWORD);
    const [event] = await changesSeenBy(here);
    expect(event).toMatchObject({
      actorName: 'owner',
      targetId: here.session.user.id,
      result: 'SUCCESS',
      metadata: {},
    });
    expect(await storedText(app)).not.toContain(NEW_PASSWORD);
  });

  it('is open to a viewer', async () => {
    const app = await startTestApp();
    const viewer = await app.signIn('viewer');
    await viewer.post(PASSWORD, change(GIVEN, NEW_PASSWORD)).expectOk();
    await TestOperator.signIn(app.api, 'viewer', NEW_PASSWORD);
  });

  it('requires the current password, and names the field that is wrong', async () => {
    const app = await startTestApp();
    const [here, elsewhere] = [await signInAgain(app), await signInAgain(app)];
    const { details } = await here
      .post(PASSWORD, change('not my password', NEW_PASSWORD))
      .expectError(422, 'VALIDATION_FAILED');
    expect(details).toMatchObject({ issues: [{ path: 'currentPassword' }] });
    await elsewhere.get(ME).expectOk();
    await signInAgain(app);
    expect(await app.auditEvents('user.password.changed')).toEqual([]);
  });

  it('lets one of two simultaneous changes win, and refuses the other', async () => {
    const app = await startTestApp();
    const sessions = [await signInAgain(app), await signInAgain(app)];
    const passwords = sessions.map((_, i) => `a new password, number ${i}`);
    const answers = await Promise.all(
      sessions.map((session, i) => session.post(PASSWORD, change(OWNER.password, passwords[i]!))),
    );
    const winner = answers.findIndex(({ status }) => status === 200);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401]);
    const owner = await signInAgain(app, passwords[winner]);
    await app.api
      .post('/api/admin/auth/login', { ...OWNER, password: passwords[1 - winner] })
      .expectError(401, 'UNAUTHORIZED');
    await sessions[winner]!.get(ME).expectOk();
    await sessions[1 - winner]!.get(ME).expectError(401, 'UNAUTHORIZED');
    expect(await changesSeenBy(owner)).toHaveLength(1);
  });

  it('lets a reset by an owner win over a change that was checked before it', async () => {
    const app = await startTestApp();
    const owner = await app.signIn('owner');
    const viewer = await app.signIn('viewer');
    const { id } = viewer.session.user;
    const reset = owner.post(`/api/admin/users/${id}/reset-password`, { newPassword: 'given by the owner' });
    const changed = viewer.post(PASSWORD, change(GIVEN, NEW_PASSWORD));
    const [answer] = await Promise.all([changed, reset.expectOk<User>()]);
    expect([200, 401]).toContain(answer.status);
    await TestOperator.signIn(app.api, 'viewer', 'given by the owner');
    await viewer.get(ME).expectError(401, 'UNAUTHORIZED');
  });

  it('refuses malformed requests', async () => {
    const app = await startTestApp();
    const owner = await app.signIn('owner');
    for (const [body, path] of [
      [{}, 'currentPassword'],
      [change(OWNER.password, 'too short'), 'newPassword'],
      [change(OWNER.password, 'x'.repeat(257)), 'newPassword'],
      [{ currentPassword: OWNER.password, newPassword: null }, 'newPassword'],
      [{ currentPassword: 5, newPassword: NEW_PASSWORD }, 'currentPassword'],
      [{ ...change(OWNER.password, NEW_PASSWORD), userId: 'usr_1' }, 'userId'],
    ]) {
      const { details } = await owner.post(PASSWORD, body).expectError(422, 'VALIDATION_FAILED');
      expect(details).toMatchObject({ issues: listWith({ path, message: aText() }) });
    }
    await owner.get(ME).expectOk();
  });
});
