import type { Role } from '#contracts';
import { TestOperator, type ApiAnswer } from '#testing';
import { OWN_PASSKEYS, passwordOf, PUBLIC_URL, registerPasskey, withPasskey } from '../support/passkeys.js';
import { startReplicas } from '../support/replicas.js';
import { SoftwareAuthenticator } from '../support/software-authenticator.js';
import { OWNER, startTestApp, type TestApp } from '../support/start-test-app.js';
import { anAddress, LOGIN, outcomesOf, signInFrom, WRONG } from './sign-in-attempts.js';

const ME = '/api/admin/auth/me';
const CHANGE = '/api/admin/auth/password';
const BEGIN = `${OWN_PASSKEYS}/options`;
const NEW_PASSWORD = 'another horse, another battery';

const startStopped = async (): Promise<TestApp> => {
  const app = await startTestApp({ config: { publicBaseUrl: PUBLIC_URL, trustProxy: 1 } });
  app.clock.stop();
  return app;
};

/** Every route that asks a signed-in user for the password again. */
const placesOf = async (app: TestApp, role: Role) => {
  const { user, passkey } = await withPasskey(app, role);
  const ask = (path: string, more: object) => (currentPassword: string) =>
    user.post(path, { currentPassword, ...more });
  const change = ask(CHANGE, { newPassword: NEW_PASSWORD });
  return { user, change, asks: [change, ask(BEGIN, {}), ask(`${OWN_PASSKEYS}/${passkey.id}/remove`, {})] };
};

const expectDelay = (answer: ApiAnswer, seconds: number): void => {
  const { message } = answer.error(429, 'RATE_LIMITED');
  expect(message).toContain(`${seconds} s`);
  expect(answer.headers.get('retry-after')).toBe(String(seconds));
};

describe('ASVS 6.3.1: guessing the password in an open session', () => {
  it('is delayed longer each time after the fifth failure, on every route, and the session stays open', async () => {
    const app = await startStopped();
    const { user, asks } = await placesOf(app, 'operator');
    const guess = (index: number) => asks[index % asks.length]!('a guess');
    expect(await outcomesOf(6, guess)).toEqual([422, 422, 422, 422, 422, 429]);
    for (const [index, seconds] of [2, 4, 8, 16, 32, 64, 128, 256, 300, 300].entries()) {
      for (const ask of asks) expectDelay(await ask('a guess'), seconds);
      app.clock.advance(seconds - 1);
      expect((await guess(index)).status).toBe(429);
      app.clock.advance(1);
      expect((await guess(index)).status).toBe(422);
    }
    await user.get(ME).expectOk();
    await user.post('/api/admin/registration-tokens', {}).expectOk();
  });

  it('reveals nothing during the delay: the right password is refused too, on every route', async () => {
    const app = await startStopped();
    const { asks } = await placesOf(app, 'operator');
    await outcomesOf(5, () => asks[0]!('a guess'));
    for (const ask of asks) expect((await ask(passwordOf('operator'))).text).toBe((await ask('a guess')).text);
  });

  it('gains no tries from parallel requests or from another session of the user', async () => {
    const app = await startStopped();
    const sessions = [await app.signIn('viewer'), await TestOperator.signIn(app.api, 'viewer', passwordOf('viewer'))];
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, index) => sessions[index % 2]!.post(BEGIN, { currentPassword: 'a guess' })),
    );
    expect(answers.filter(({ status }) => status === 422)).toHaveLength(5);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(25);
  });

  it('gains no tries from a second server', async () => {
    const { place, both } = await startReplicas({ publicBaseUrl: PUBLIC_URL });
    place.clock.stop();
    const owner = await TestOperator.signIn(both, OWNER.username, OWNER.password);
    const guesses = await outcomesOf(7, () => owner.post(BEGIN, { currentPassword: 'a guess' }));
    expect(guesses).toEqual([422, 422, 422, 422, 422, 429, 429]);
  });

  it('is audited for each checked guess, and once a minute for refused ones', async () => {
    const app = await startStopped();
    const { user, change } = await placesOf(app, 'viewer');
    await outcomesOf(9, () => change('a guess'));
    const events = await app.auditEvents('user.password.rejected');
    expect(events.map(({ metadata }) => metadata)).toEqual([
      { reason: 'rate', suppressedSinceLast: 0 },
      ...Array<object>(5).fill({}),
    ]);
    const { id } = user.session.user;
    for (const event of events) expect(event).toMatchObject({ result: 'FAILURE', actorId: id, targetId: id });
  });
});

describe('ASVS 6.1.1: a user who has to confirm the password', () => {
  it('is not delayed by sign-in attempts of others, and does not delay their own sign-in', async () => {
    const app = await startStopped();
    const owner = await app.signIn('owner');
    await outcomesOf(6, (index) => signInFrom(app.api, anAddress(index), WRONG));
    await registerPasskey(owner, new SoftwareAuthenticator(PUBLIC_URL));
    const { user, change } = await placesOf(app, 'viewer');
    expect((await outcomesOf(6, () => change('a guess'))).at(-1)).toBe(429);
    const { username } = user.session.user;
    const signIn = { username, password: passwordOf('viewer') };
    // The password alone leads only to the passkey step.
    await app.api.post(LOGIN, signIn).expectError(401, 'SECOND_FACTOR_REQUIRED');
  });

  it('starts with a new count after the right password, and after a reset by an owner', async () => {
    const app = await startStopped();
    const viewer = await app.signIn('viewer');
    const change = (user: TestOperator, currentPassword: string, newPassword = NEW_PASSWORD) =>
      user.post(CHANGE, { currentPassword, newPassword });
    await outcomesOf(4, () => change(viewer, 'a guess'));
    await change(viewer, passwordOf('viewer')).expectOk();
    expect(await outcomesOf(5, () => change(viewer, 'a guess'))).toEqual(Array(5).fill(422));
    const owner = await app.signIn('owner');
    const { id, username } = viewer.session.user;
    const given = 'given on the telephone';
    await owner.post(`/api/admin/users/${id}/reset-password`, { newPassword: given }).expectOk();
    await change(await TestOperator.signIn(app.api, username, given), given).expectOk();
  });
});
