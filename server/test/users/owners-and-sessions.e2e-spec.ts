import type { User } from '#contracts';
import { TestOperator } from '#testing';
import { PASSWORD as GIVEN, sharedTestApp, startTestApp, type TestApp } from '../support/start-test-app.js';

const USERS = '/api/admin/users';
const ME = '/api/admin/auth/me';
const PASSWORD = 'a password long enough';

const createUser = async (app: TestApp, username: string, role: string): Promise<User> => {
  const owner = await app.signIn('owner');
  return owner.post(USERS, { username, password: PASSWORD, role }).expectOk<User>();
};

const activeOwners = async (by: TestOperator): Promise<string[]> => {
  const { data } = await by.get(`${USERS}?role=owner&status=ACTIVE`).expectPage<User>();
  return data.map(({ username }) => username);
};

describe('the last owner', () => {
  it.each([{ role: 'operator' }, { status: 'DISABLED' }, { role: 'viewer', status: 'DISABLED' }])(
    'cannot be changed to %j, and keeps their session',
    async (change) => {
      const app = await startTestApp();
      const owner = await app.signIn('owner');
      const path = `${USERS}/${owner.session.user.id}`;
      await owner.patch(path, change).expectError(409, 'LAST_OWNER_REQUIRED');
      await owner.get(ME).expectOk();
      expect(await activeOwners(owner)).toEqual(['owner']);
      expect(await app.auditEvents('user.updated')).toEqual([]);
    },
  );

  it('is still the last one if the other owner is disabled', async () => {
    const app = await startTestApp();
    const owner = await app.signIn('owner');
    const second = await createUser(app, 'second', 'owner');
    await owner.patch(`${USERS}/${second.id}`, { status: 'DISABLED' }).expectOk();
    await owner.patch(`${USERS}/${owner.session.user.id}`, { role: 'viewer' }).expectError(409, 'LAST_OWNER_REQUIRED');
  });

  it('can be demoted once there is another', async () => {
    const app = await startTestApp();
    const owner = await app.signIn('owner');
    await createUser(app, 'second', 'owner');
    await owner.patch(`${USERS}/${owner.session.user.id}`, { role: 'viewer' }).expectOk();
    expect(await activeOwners(await TestOperator.signIn(app.api, 'second', PASSWORD))).toEqual(['second']);
  });

  it('remains when two owners demote each other at the same time', async () => {
    const app = await startTestApp();
    const first = await app.signIn('owner');
    const other = await createUser(app, 'second', 'owner');
    const second = await TestOperator.signIn(app.api, 'second', PASSWORD);
    const answers = await Promise.all([
      first.patch(`${USERS}/${other.id}`, { role: 'viewer' }),
      second.patch(`${USERS}/${first.session.user.id}`, { role: 'viewer' }),
    ]);
    const won = answers.findIndex(({ status }) => status === 200);
    expect(won).toBeGreaterThanOrEqual(0);
    // The second was refused, either by the rule or because that user was no longer an owner.
    expect([401, 403, 409]).toContain(answers[1 - won]!.status);
    const remaining = [first, second][won]!;
    expect(await activeOwners(remaining)).toEqual([remaining.session.user.username]);
  });

  it('remains when many owners are demoted at the same time', async () => {
    const app = await startTestApp();
    const owners = [await app.signIn('owner')];
    for (const name of ['b', 'c', 'd']) {
      await createUser(app, name, 'owner');
      owners.push(await TestOperator.signIn(app.api, name, PASSWORD));
    }
    const answers = await Promise.all(
      owners.map((owner) => owner.patch(`${USERS}/${owner.session.user.id}`, { role: 'operator' })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 409]);
    const last = owners[answers.findIndex(({ status }) => status === 409)]!;
    expect(await activeOwners(last)).toEqual([last.session.user.username]);
  });
});

describe('the sessions of a user', () => {
  it.each([
    ['a reset of the password', 'POST', '/reset-password', { newPassword: 'given by the owner' }],
    ['a new role', 'PATCH', '', { role: 'operator' }],
    ['being disabled', 'PATCH', '', { status: 'DISABLED' }],
  ])('all end immediately with %s', async (_, method, path, body) => {
    const app = await sharedTestApp();
    const owner = await app.signIn('owner');
    const ada = await app.newUser('viewer');
    const { id, username } = ada.session.user;
    const bystander = await app.newUser('viewer');
    const sessions = [ada, await TestOperator.signIn(app.api, username, GIVEN)];
    await owner.request(method, `${USERS}/${id}${path}`, { body }).expectOk();
    for (const session of sessions) await session.get(ME).expectError(401, 'UNAUTHORIZED');
    await bystander.get(ME).expectOk();
    await owner.get(ME).expectOk();
  });

  it('survive a new display name', async () => {
    const app = await sharedTestApp();
    const ada = await app.newUser('viewer');
    const { id } = ada.session.user;
    await (await app.signIn('owner')).patch(`${USERS}/${id}`, { displayName: 'Ada' }).expectOk();
    await ada.get(ME).expectOk();
  });

  it('do not come back when the user is enabled again', async () => {
    const app = await sharedTestApp();
    const owner = await app.signIn('owner');
    const ada = await app.newUser('viewer');
    const { id, username } = ada.session.user;
    await owner.patch(`${USERS}/${id}`, { status: 'DISABLED' }).expectOk();
    await owner.patch(`${USERS}/${id}`, { status: 'ACTIVE' }).expectOk();
    await ada.get(ME).expectError(401, 'UNAUTHORIZED');
    await TestOperator.signIn(app.api, username, GIVEN);
  });
});
