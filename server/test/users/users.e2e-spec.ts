import type { User } from '#contracts';
import { TestOperator } from '#testing';
import { aText, anId, anInstant, listWith } from '../support/matchers.js';
import { OWNER, sharedTestApp, type TestApp } from '../support/start-test-app.js';
import { storedText } from '../support/stored-text.js';

const USERS = '/api/admin/users';
const UNKNOWN = `${USERS}/usr_01ARZ3NDEKTSV4RRFFQ69G5FAV`;

let users = 0;

/** A user whom no other test has made. */
const aUser = (overrides: object = {}) => ({
  username: `ada-${(users += 1)}`,
  password: 'a password long enough',
  role: 'viewer',
  ...overrides,
});

const createUser = async (app: TestApp, overrides: object = {}): Promise<User> =>
  (await app.signIn('owner')).post(USERS, aUser(overrides)).expectOk<User>();

describe('creating a user', () => {
  it('returns the user, who can then sign in, and stores the password nowhere', async () => {
    const app = await sharedTestApp();
    const user = await createUser(app, { username: 'Ada.L', displayName: 'Ada Lovelace', role: 'operator' });
    expect(user).toEqual({
      id: anId('usr'),
      username: 'ada.l',
      displayName: 'Ada Lovelace',
      role: 'operator',
      status: 'ACTIVE',
      createdAt: anInstant(),
      updatedAt: user.createdAt,
      lastLoginAt: null,
      passkeyCount: 0,
    });
    const login = { username: 'ada.L', password: 'a password long enough' };
    await app.api.post('/api/admin/auth/login', login).expectOk();
    expect(await storedText(app)).not.toContain('a password long enough');
  });

  it('is audited with name and role', async () => {
    const app = await sharedTestApp();
    const user = await createUser(app);
    const [event] = await app.auditEvents('user.created');
    expect(event).toMatchObject({
      actorType: 'USER',
      actorName: 'owner',
      targetType: 'User',
      targetId: user.id,
      result: 'SUCCESS',
      metadata: { username: user.username, role: 'viewer' },
    });
  });

  it('refuses a name that is taken, in any case, and leaves no trace of it', async () => {
    const app = await sharedTestApp();
    const { username } = await createUser(app);
    const owner = await app.signIn('owner');
    const before = await app.auditEvents('user.created');
    const taken = aUser({ username: username.toUpperCase() });
    await owner.post(USERS, taken).expectError(409, 'USER_ALREADY_EXISTS');
    expect(await app.auditEvents('user.created')).toEqual(before);
  });

  it('lets one of two simultaneous requests with the same name win', async () => {
    const app = await sharedTestApp();
    const owner = await app.signIn('owner');
    const names = ['contested', 'Contested', 'CONTESTED'];
    const answers = await Promise.all(names.map((username) => owner.post(USERS, aUser({ username }))));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
    for (const answer of answers.filter(({ status }) => status === 409)) answer.error(409, 'USER_ALREADY_EXISTS');
    const created = await app.auditEvents('user.created');
    expect(created.filter(({ metadata }) => metadata.username === 'contested')).toHaveLength(1);
  });
});

describe('changing a user', () => {
  it('changes the given fields and returns the changed user', async () => {
    const app = await sharedTestApp();
    const user = await createUser(app);
    const owner = await app.signIn('owner');
    const changed = await owner.patch(`${USERS}/${user.id}`, { role: 'operator', displayName: 'Ada' }).expectOk<User>();
    expect(changed).toEqual({ ...user, role: 'operator', displayName: 'Ada', updatedAt: anInstant() });
    const bare = await owner.patch(`${USERS}/${user.id}`, { displayName: null }).expectOk<User>();
    expect(bare).toEqual({ ...changed, displayName: null, updatedAt: anInstant() });
  });

  it('is audited with what changed, before and after', async () => {
    const app = await sharedTestApp();
    const { id } = await createUser(app);
    await (await app.signIn('owner')).patch(`${USERS}/${id}`, { role: 'operator', status: 'ACTIVE' }).expectOk();
    const events = await app.auditEventsAbout(id, 'user.updated');
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({
      actorName: 'owner',
      targetType: 'User',
      targetId: id,
      metadata: { before: { role: 'viewer' }, after: { role: 'operator' } },
    });
  });

  it('does nothing, and audits nothing, when nothing would change', async () => {
    const app = await sharedTestApp();
    const user = await createUser(app);
    const owner = await app.signIn('owner');
    for (const same of [{}, { role: 'viewer' }, { status: 'ACTIVE', displayName: null }]) {
      expect(await owner.patch(`${USERS}/${user.id}`, same).expectOk<User>()).toEqual(user);
    }
    expect(await app.auditEventsAbout(user.id, 'user.updated')).toEqual([]);
  });
});

describe('resetting a password', () => {
  it.each(['password', 'newPassword'])('makes the new %s the only one, and is audited without it', async (field) => {
    const app = await sharedTestApp();
    const user = await createUser(app);
    const owner = await app.signIn('owner');
    const reset = await owner
      .post(`${USERS}/${user.id}/reset-password`, { [field]: 'given by the owner' })
      .expectOk<User>();
    expect(reset).toEqual({ ...user, updatedAt: anInstant() });
    const login = (password: string) => app.api.post('/api/admin/auth/login', { username: user.username, password });
    await login('a password long enough').expectError(401, 'UNAUTHORIZED');
    await login('given by the owner').expectOk();
    const [event] = await app.auditEvents('user.password.reset');
    expect(event).toMatchObject({ actorName: 'owner', targetType: 'User', targetId: user.id, metadata: {} });
    expect(await storedText(app)).not.toContain('given by the owner');
  });
});

describe('ASVS 6.2.3: an owner’s own password', () => {
  it('cannot be reset with a session alone, only changed with the current password', async () => {
    const app = await sharedTestApp();
    const owner = await app.signIn('owner');
    const reset = { newPassword: 'taken over in a minute' };
    await owner.post(`${USERS}/${owner.session.user.id}/reset-password`, reset).expectError(403, 'FORBIDDEN');
    await TestOperator.signIn(app.api, OWNER.username, OWNER.password);
    expect(await app.auditEventsAbout(owner.session.user.id, 'user.password.reset')).toEqual([]);
  });
});

describe('a user who does not exist', () => {
  it('is answered with 404, whatever the id looks like', async () => {
    const app = await sharedTestApp();
    const owner = await app.signIn('owner');
    for (const path of [UNKNOWN, `${USERS}/nonsense`, `${USERS}/${'x'.repeat(500)}`]) {
      const reset = { newPassword: 'a password long enough' };
      await owner.patch(path, { role: 'viewer' }).expectError(404, 'USER_NOT_FOUND');
      await owner.post(`${path}/reset-password`, reset).expectError(404, 'USER_NOT_FOUND');
    }
  });
});

describe('bad input about users', () => {
  let app: TestApp;
  let user: User;
  beforeAll(async () => {
    app = await sharedTestApp();
    user = await createUser(app);
  });

  it.each([
    [{ username: '' }, 'username'],
    [{ username: 'a b' }, 'username'],
    [{ username: 'x'.repeat(81) }, 'username'],
    [{ username: null }, 'username'],
    [{ password: 'too short' }, 'password'],
    [{ password: 'x'.repeat(257) }, 'password'],
    [{ password: { length: 20 } }, 'password'],
    [{ role: 'admin' }, 'role'],
    [{ role: null }, 'role'],
    [{ role: ['viewer'] }, 'role'],
    [{ displayName: '' }, 'displayName'],
    [{ displayName: 'x'.repeat(201) }, 'displayName'],
    [{ id: 'usr_01ARZ3NDEKTSV4RRFFQ69G5FAV' }, 'id'],
    [{ passwordHash: 'x' }, 'passwordHash'],
    [{ sessionEpoch: 7 }, 'sessionEpoch'],
    [{ status: 'ACTIVE' }, 'status'],
  ])('is refused when creating: %j', async (wrong, path) => {
    const owner = await app.signIn('owner');
    const { details } = await owner
      .post(USERS, aUser({ username: 'new', ...wrong }))
      .expectError(422, 'VALIDATION_FAILED');
    expect(details).toEqual({ issues: listWith({ path, message: aText() }) });
  });

  it.each([
    [{ role: null }, 'role'],
    [{ role: 'root' }, 'role'],
    [{ status: null }, 'status'],
    [{ status: 'GONE' }, 'status'],
    [{ displayName: 5 }, 'displayName'],
    [{ username: 'other' }, 'username'],
    [{ password: 'a password long enough' }, 'password'],
    [{ passwordHash: 'x' }, 'passwordHash'],
    [{ sessionEpoch: 0 }, 'sessionEpoch'],
    [{ id: 'usr_1' }, 'id'],
  ])('is refused when changing: %j', async (wrong, path) => {
    const owner = await app.signIn('owner');
    const { details } = await owner.patch(`${USERS}/${user.id}`, wrong).expectError(422, 'VALIDATION_FAILED');
    expect(details).toEqual({ issues: listWith({ path, message: aText() }) });
  });

  it.each([[[]], [[{}]], [undefined]])('is refused when the body is not an object: %j', async (body) => {
    await (await app.signIn('owner')).post(USERS, body).expectError(422, 'VALIDATION_FAILED');
  });

  it.each([
    {},
    { password: 'short' },
    { password: null },
    { newPassword: 'short' },
    { newPassword: null },
    { newPassword: 'long enough here', role: 'owner' },
  ])('is refused when resetting: %j', async (body) => {
    const owner = await app.signIn('owner');
    await owner.post(`${USERS}/${user.id}/reset-password`, body).expectError(422, 'VALIDATION_FAILED');
  });
});
