import type { Confirmation, PasskeyCeremony, User } from '#contracts';
import { TestOperator, type ApiCall } from '#testing';
import { PUBLIC_URL, withPasskey } from '../support/passkeys.js';
import { OWNER, startTestApp, type TestApp } from '../support/start-test-app.js';
import { testDatabaseKind } from '../support/test-database.js';

const CONFIRM = '/api/admin/auth/confirm';
const SETTINGS = '/api/admin/settings/maintenance';
const NEW_PASSWORD = 'given on the telephone';

const start = async (): Promise<TestApp> => {
  const app = await startTestApp({ config: { publicBaseUrl: PUBLIC_URL } });
  app.clock.stop();
  return app;
};

let made = 0;

/** Everything that would let a stolen session keep the installation, read it whole or hide in it. */
const actsOf = (owner: TestOperator, { id }: User): Readonly<Record<string, () => ApiCall>> => ({
  'create a user': () =>
    owner.post('/api/admin/users', { username: `thief-${(made += 1)}`, password: NEW_PASSWORD, role: 'owner' }),
  'change a user': () => owner.patch(`/api/admin/users/${id}`, { role: 'owner' }),
  'set a password': () => owner.post(`/api/admin/users/${id}/reset-password`, { newPassword: NEW_PASSWORD }),
  'reset passkeys': () => owner.post(`/api/admin/users/${id}/passkeys/reset`),
  'change the sign-in settings': () => owner.patch('/api/admin/settings/sign-in', { passkeyRequiredRoles: [] }),
  'shorten the audit': () => owner.patch(SETTINGS, { auditRetentionDays: 1 }),
  ...(testDatabaseKind() === 'sqlite' && { 'download the database': () => owner.post('/api/admin/backup/sqlite') }),
});

const aVictim = async (app: TestApp): Promise<User> => {
  const owner = await app.confirmedOwner();
  made += 1;
  return owner
    .post('/api/admin/users', { username: `victim-${made}`, password: NEW_PASSWORD, role: 'viewer' })
    .expectOk<User>();
};

describe('an owner session that was opened more than five minutes ago', () => {
  it('cannot keep the installation, read it whole or shorten its audit without another confirmation', async () => {
    const app = await start();
    const owner = await app.signIn('owner');
    const victim = await aVictim(app);
    app.clock.advance(300);
    for (const [name, act] of Object.entries(actsOf(owner, victim))) {
      const answer = await act();
      expect({ name, code: answer.error(403, 'CONFIRMATION_REQUIRED').code }).toEqual({
        name,
        code: 'CONFIRMATION_REQUIRED',
      });
    }
    const users = await owner.get(`/api/admin/users?q=${victim.username}`).expectPage<User>();
    expect(users.data).toEqual([expect.objectContaining({ role: 'viewer' })]);
    const [event] = await app.auditEvents('access.denied');
    expect(event).toMatchObject({ actorName: 'owner', metadata: { reason: 'confirmation' } });
  });

  it('can after the password was entered again, for five minutes', async () => {
    const app = await start();
    const owner = await app.signIn('owner');
    const victim = await aVictim(app);
    app.clock.advance(3_600);
    const { confirmedUntil } = await owner.post(CONFIRM, { currentPassword: OWNER.password }).expectOk<Confirmation>();
    expect(confirmedUntil).toBe(app.clock.secondsFromNow(300).toISOString());
    app.clock.advance(299);
    for (const act of Object.values(actsOf(owner, victim))) expect((await act()).status).toBe(200);
    app.clock.advance(1);
    await owner.patch(SETTINGS, { auditRetentionDays: 2 }).expectError(403, 'CONFIRMATION_REQUIRED');
    expect(await app.auditEvents('session.confirmed')).toHaveLength(1);
  });

  it('can do everything else as before', async () => {
    const app = await start();
    const owner = await app.signIn('owner');
    app.clock.advance(3_600);
    await owner.get('/api/admin/users').expectOk();
    await owner.patch(SETTINGS, { commandRetentionDays: 7, auditRetentionDays: 90 }).expectOk();
    await owner.createToken();
  });

  it('is not confirmed by a wrong password, nor by another session of the same user', async () => {
    const app = await start();
    const stolen = await app.signIn('owner');
    app.clock.advance(3_600);
    await stolen.post(CONFIRM, { currentPassword: 'a guess' }).expectError(422, 'VALIDATION_FAILED');
    await TestOperator.signIn(app.api, OWNER.username, OWNER.password);
    await stolen.patch(SETTINGS, { auditRetentionDays: 1 }).expectError(403, 'CONFIRMATION_REQUIRED');
  });

  it('is confirmed by a passkey as well, but by no other and not twice by one answer', async () => {
    const app = await start();
    const { user, authenticator } = await withPasskey(app, 'owner');
    app.clock.advance(3_600);
    const begin = () => user.post(`${CONFIRM}/passkey/options`).expectOk<PasskeyCeremony>();
    const show = (ceremony: PasskeyCeremony, deviation = {}) =>
      user.post(`${CONFIRM}/passkey`, { ticket: ceremony.ticket, response: authenticator.get(ceremony, deviation) });
    await show(await begin(), { origin: 'https://evil.example' }).expectError(422, 'PASSKEY_REFUSED');
    await user.patch(SETTINGS, { auditRetentionDays: 1 }).expectError(403, 'CONFIRMATION_REQUIRED');
    const ceremony = await begin();
    await show(ceremony).expectOk();
    await user.patch(SETTINGS, { auditRetentionDays: 1 }).expectOk();
    await show(ceremony).expectError(422, 'PASSKEY_REFUSED');
    expect((await app.auditEvents('user.password.rejected')).map(({ metadata }) => metadata)).toEqual([
      { reason: 'passkey' },
      { reason: 'passkey' },
    ]);
  });
});
