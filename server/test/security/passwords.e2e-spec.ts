import { hash } from '@node-rs/argon2';
import type { User } from '#contracts';
import { TestOperator } from '#testing';
import { Database } from '../../src/database/database.js';
import { Passwords } from '../../src/modules/auth/passwords/passwords.js';
import { UserEntity } from '../../src/modules/auth/users/user.entity.js';
import { OWNER, startTestApp, type TestApp } from '../support/start-test-app.js';
import { LOGIN } from './sign-in-attempts.js';

const USERS = '/api/admin/users';
const OWN = '/api/admin/auth/password';

const COMMON = 'Password2026!!';
const NAMED = 'what ADA would choose';

const storedUser = async (app: TestApp, username: string): Promise<UserEntity> => {
  const user = await app.nest.get(Database).findOne(UserEntity, 'username = :username', { username });
  if (!user) throw new Error(`There is no user ${username}.`);
  return user;
};

const setHash = (app: TestApp, username: string, passwordHash: string): Promise<unknown> =>
  app.nest
    .get(Database)
    .transaction((tx) => tx.update(UserEntity, { passwordHash }, 'username = :username', { username }));

describe('ASVS 6.2.4, 6.2.11: a password that is easily guessed', () => {
  it.each([
    [COMMON, 'is one of the most used passwords'],
    [NAMED, 'must not contain the user name'],
  ])('is refused on every route that sets one: %s', async (bad, rule) => {
    const app = await startTestApp();
    const owner = await app.signIn('owner');
    const user = { username: 'ada', password: 'a phrase of her own', role: 'viewer' };
    const issue = (path: string) => ({ issues: [{ path, message: `${path} ${rule}` }] });
    const refusedAs = async (
      call: PromiseLike<{ error(status: number, code: 'VALIDATION_FAILED'): { details?: unknown } }>,
    ) => (await call).error(422, 'VALIDATION_FAILED').details;
    expect(await refusedAs(owner.post(USERS, { ...user, password: bad }))).toEqual(issue('password'));
    const { id } = await owner.post(USERS, user).expectOk<User>();
    expect(await refusedAs(owner.post(`${USERS}/${id}/reset-password`, { newPassword: bad }))).toEqual(
      issue('newPassword'),
    );
    const ada = await TestOperator.signIn(app.api, 'ada', user.password);
    const change = { currentPassword: user.password, newPassword: bad };
    expect(await refusedAs(ada.post(OWN, change))).toEqual(issue('newPassword'));
    await TestOperator.signIn(app.api, 'ada', user.password);
    expect(await app.auditEvents('user.password.changed', 'user.password.reset')).toEqual([]);
  });

  it('is refused for the first owner too', async () => {
    for (const config of [{ adminPassword: COMMON }, { adminUsername: 'ada', adminPassword: NAMED }]) {
      await expect(startTestApp({ config })).rejects.toMatchObject({
        code: 'VALIDATION_FAILED',
        details: { issues: [{ path: 'OPSTAGE_ADMIN_PASSWORD' }] },
      });
    }
  });
});

describe('ASVS 6.2.8, 6.2.9: a long password', () => {
  it('is significant to its last character: it is not cut off, trimmed or case-folded', async () => {
    const app = await startTestApp();
    const owner = await app.signIn('owner');
    const long = `${'long enough? '.repeat(19)}12345678 `;
    expect(long).toHaveLength(256);
    await owner.post(USERS, { username: 'ada', password: long, role: 'viewer' }).expectOk();
    await TestOperator.signIn(app.api, 'ada', long);
    for (const other of [long.slice(0, -1), `${long.slice(0, -1)}!`, long.toUpperCase(), long.slice(0, 72)]) {
      await app.api.post(LOGIN, { username: 'ada', password: other }).expectError(401, 'UNAUTHORIZED');
    }
  });
});

describe('ASVS 6.3.8: an unknown name, a wrong password and a disabled user', () => {
  it('each cost one hash check with the same parameters and get the same answer', async () => {
    const app = await startTestApp();
    const owner = await app.signIn('owner');
    const ada = { username: 'ada', password: 'a phrase of her own', role: 'viewer' };
    const { id } = await owner.post(USERS, ada).expectOk<User>();
    await owner.patch(`${USERS}/${id}`, { status: 'DISABLED' }).expectOk();
    const checked = jest.spyOn(app.nest.get(Passwords), 'verify');
    const answers: string[] = [];
    for (const credentials of [
      { username: 'nobody', password: ada.password },
      { username: 'owner', password: 'a wrong password here' },
      { username: 'ada', password: ada.password },
      { username: 'ada', password: 'a wrong password here' },
    ]) {
      checked.mockClear();
      const answer = await app.api.post(LOGIN, credentials);
      answer.error(401, 'UNAUTHORIZED');
      answers.push(`${answer.text} ${answer.headers.getSetCookie().length}`);
      expect(checked).toHaveBeenCalledTimes(1);
    }
    expect(new Set(answers).size).toBe(1);
  });
});

describe('ASVS 11.4.2: the hash of a password', () => {
  it('is upgraded at the next sign-in after its parameters were raised, and sessions stay open', async () => {
    const app = await startTestApp();
    const before = await app.signIn('owner');
    await setHash(app, 'owner', await hash(OWNER.password, { memoryCost: 8_192, timeCost: 1, parallelism: 1 }));
    await app.api.post(LOGIN, { ...OWNER, password: 'a wrong password here' }).expectError(401, 'UNAUTHORIZED');
    expect((await storedUser(app, 'owner')).passwordHash).toContain('m=8192,t=1');
    await app.api.post(LOGIN, OWNER).expectOk();
    const { passwordHash } = await storedUser(app, 'owner');
    expect(passwordHash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    await app.api.post(LOGIN, OWNER).expectOk();
    expect((await storedUser(app, 'owner')).passwordHash).toBe(passwordHash);
    await before.get('/api/admin/auth/me').expectOk();
  });
});

describe('ASVS 6.4.1: the password of the first start', () => {
  it('is marked as the initial one until it is changed', async () => {
    const app = await startTestApp();
    expect(await storedUser(app, 'owner')).toMatchObject({ isBootstrapPassword: true });
    const owner = await app.signIn('owner');
    expect(await storedUser(app, 'owner')).toMatchObject({ isBootstrapPassword: true });
    await owner.post(OWN, { currentPassword: OWNER.password, newPassword: 'a phrase of my own' }).expectOk();
    expect(await storedUser(app, 'owner')).toMatchObject({ isBootstrapPassword: false });
    await app.signIn('owner');
  });
});
