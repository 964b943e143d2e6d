import { Database } from '../../src/database/database.js';
import { SignInFailureEntity } from '../../src/modules/auth/throttle/sign-in-failure.entity.js';
import { startReplicas } from '../support/replicas.js';
import { OWNER, startTestApp, type TestApp } from '../support/start-test-app.js';
import { storedText } from '../support/stored-text.js';
import { anAddress, deviceCookieOf, LOGIN, outcomesOf, signInFrom, WRONG } from './sign-in-attempts.js';

const BEHIND_PROXY = { trustProxy: 1 } as const;

const startStopped = async (): Promise<TestApp> => {
  const app = await startTestApp({ config: BEHIND_PROXY });
  app.clock.stop();
  return app;
};

describe('ASVS 6.3.1: guessing the password of an account', () => {
  it('is delayed longer each time after the fifth failure, from whichever address', async () => {
    const app = await startStopped();
    const guess = (index: number) => signInFrom(app.api, anAddress(index), WRONG);
    expect(await outcomesOf(6, guess)).toEqual([401, 401, 401, 401, 401, 429]);
    for (const [index, seconds] of [2, 4, 8, 16, 32, 64, 128, 256, 300, 300].entries()) {
      const refused = await guess(10 + index);
      const { message } = refused.error(429, 'RATE_LIMITED');
      expect(message).toContain(`${seconds} s`);
      expect(refused.headers.get('retry-after')).toBe(String(seconds));
      app.clock.advance(seconds - 1);
      expect((await guess(30 + index)).status).toBe(429);
      app.clock.advance(1);
      expect((await guess(50 + index)).status).toBe(401);
    }
  });

  it('reveals nothing during the delay: the right password is refused too, and so is an unknown name', async () => {
    const app = await startStopped();
    const nobody = { ...WRONG, username: 'nobody' };
    const [known, unknown] = [await app.api.post(LOGIN, WRONG), await app.api.post(LOGIN, nobody)];
    expect(unknown.text).toBe(known.text);
    await outcomesOf(4, (index) => signInFrom(app.api, anAddress(index), WRONG));
    await outcomesOf(4, (index) => signInFrom(app.api, anAddress(index), nobody));
    const [late, right, lateUnknown] = [
      await app.api.post(LOGIN, WRONG),
      await app.api.post(LOGIN, OWNER),
      await app.api.post(LOGIN, nobody),
    ];
    late.error(429, 'RATE_LIMITED');
    expect(right.text).toBe(late.text);
    expect(lateUnknown.text).toBe(late.text);
    expect(lateUnknown.headers.get('retry-after')).toBe(late.headers.get('retry-after'));
  });

  it('gains no tries from parallel requests', async () => {
    const app = await startStopped();
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, index) => signInFrom(app.api, anAddress(index), WRONG)),
    );
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(5);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(25);
  });

  it('does not extend the delay with attempts during it, and is forgotten after an hour', async () => {
    const app = await startStopped();
    await outcomesOf(5, (index) => signInFrom(app.api, anAddress(index), WRONG));
    await outcomesOf(10, (index) => signInFrom(app.api, anAddress(index), WRONG));
    app.clock.advance(2);
    expect(await outcomesOf(2, (index) => signInFrom(app.api, anAddress(index), WRONG))).toEqual([401, 429]);
    app.clock.advance(3_601);
    expect(await outcomesOf(6, (index) => signInFrom(app.api, anAddress(index), WRONG))).toEqual([
      401, 401, 401, 401, 401, 429,
    ]);
  });

  it('is forgotten once the user has signed in', async () => {
    const app = await startStopped();
    await outcomesOf(4, (index) => signInFrom(app.api, anAddress(index), WRONG));
    await app.api.post(LOGIN, OWNER).expectOk();
    expect(await outcomesOf(5, (index) => signInFrom(app.api, anAddress(index), WRONG))).toEqual(Array(5).fill(401));
  });

  it('is forgotten once an owner has reset the password, so that the user can sign in immediately', async () => {
    const app = await startStopped();
    const owner = await app.signIn('owner');
    const { user } = (await app.signIn('viewer')).session;
    const wrong = { ...WRONG, username: user.username };
    await outcomesOf(6, (index) => signInFrom(app.api, anAddress(index), wrong));
    const newPassword = 'given on the telephone';
    await owner.post(`/api/admin/users/${user.id}/reset-password`, { newPassword }).expectOk();
    await app.api.post(LOGIN, { username: user.username, password: newPassword }).expectOk();
  });

  it('survives a restart of the server', async () => {
    const before = await startStopped();
    await outcomesOf(5, (index) => signInFrom(before.api, anAddress(index), WRONG));
    await before.stop();
    const after = await startTestApp({ beside: before, config: BEHIND_PROXY });
    await after.api.post(LOGIN, OWNER).expectError(429, 'RATE_LIMITED');
  });
});

describe('ASVS 6.1.1: guessing does not lock users out', () => {
  it('of a browser on which they have signed in, or of an open session', async () => {
    const app = await startStopped();
    const device = deviceCookieOf(await app.api.post(LOGIN, OWNER));
    const owner = await app.signIn('owner');
    for (let minute = 0; minute < 5; minute += 1) {
      await outcomesOf(25, () => signInFrom(app.api, '203.0.113.9', WRONG));
      await outcomesOf(5, (index) => signInFrom(app.api, anAddress(index), WRONG));
      await app.api.post(LOGIN, OWNER).expectError(429, 'RATE_LIMITED');
      expect((await signInFrom(app.api, '203.0.113.9', OWNER, device)).status).toBe(200);
      await owner.get('/api/admin/auth/me').expectOk();
      await owner.post('/api/admin/registration-tokens', {}).expectOk();
      app.clock.advance(60);
    }
  });

  it('because a known browser has its own count, with the usual number of tries', async () => {
    const app = await startStopped();
    const device = deviceCookieOf(await app.api.post(LOGIN, OWNER));
    const guess = (index: number) => signInFrom(app.api, anAddress(index), WRONG, device);
    expect(await outcomesOf(6, guess)).toEqual([401, 401, 401, 401, 401, 429]);
    await app.api.post(LOGIN, OWNER).expectOk();
  });

  it('because a signed cookie identifies a browser, and only for the user who signed in there', async () => {
    const app = await startStopped();
    const device = deviceCookieOf(await app.api.post(LOGIN, OWNER));
    await app.signIn('viewer');
    await outcomesOf(5, (index) => signInFrom(app.api, anAddress(index), WRONG));
    const viewer = { ...WRONG, username: 'viewer' };
    await outcomesOf(5, (index) => signInFrom(app.api, anAddress(index), viewer));
    expect((await signInFrom(app.api, anAddress(9), viewer, device)).status).toBe(429);
    const forged = `${device.slice(0, -3)}AAA`;
    expect((await signInFrom(app.api, anAddress(9), OWNER, forged)).status).toBe(429);
    expect((await signInFrom(app.api, anAddress(9), OWNER, device)).status).toBe(200);
  });

  it('and that cookie grants no access, is sent to the sign-in only, and is hidden from scripts', async () => {
    const app = await startTestApp();
    const answer = await app.api.post(LOGIN, OWNER);
    const cookie = deviceCookieOf(answer);
    await app.api.get('/api/admin/auth/me', { headers: { cookie } }).expectError(401, 'UNAUTHORIZED');
    const [, written = ''] = answer.headers.getSetCookie();
    for (const attribute of ['HttpOnly', 'SameSite=Strict', 'Path=/api/admin/auth', 'Max-Age=15552000']) {
      expect(written).toContain(attribute);
    }
  });
});

describe('ASVS 6.3.1: an address', () => {
  it('has twenty failures a minute across all names; other addresses and successes do not count', async () => {
    const app = await startStopped();
    const names = (index: number) => ({ username: `name${index}`, password: 'a wrong password here' });
    const guess = (index: number) => signInFrom(app.api, '203.0.113.9', names(index));
    expect(await outcomesOf(10, () => signInFrom(app.api, '203.0.113.9', OWNER))).toEqual(Array(10).fill(200));
    expect(await outcomesOf(20, guess)).toEqual(Array(20).fill(401));
    const refused = await guess(20);
    refused.error(429, 'RATE_LIMITED');
    expect(refused.headers.get('retry-after')).toBe('60');
    expect((await signInFrom(app.api, '203.0.113.10', names(21))).status).toBe(401);
    app.clock.advance(60);
    expect((await guess(22)).status).toBe(401);
  });

  it('is that of the connection when no proxy is trusted', async () => {
    const app = await startTestApp();
    app.clock.stop();
    const guess = (index: number) =>
      signInFrom(app.api, anAddress(index), { username: `name${index}`, password: 'a wrong password here' });
    expect((await outcomesOf(21, guess)).at(-1)).toBe(429);
  });
});

describe('a sign-in refused by the rate limit', () => {
  it('is audited once a minute for each source, and leaves no name or password in the counters', async () => {
    const app = await startStopped();
    const wrong = { username: 'typed-a-password-here', password: 'another-password' };
    await outcomesOf(15, () => signInFrom(app.api, '203.0.113.9', wrong));
    const events = await app.auditEvents('session.login.failed');
    expect(events).toHaveLength(6);
    expect(events[0]).toMatchObject({
      actorId: null,
      ipAddress: '203.0.113.9',
      result: 'FAILURE',
      metadata: { reason: 'rate' },
    });
    // There is no such user: people type passwords there.
    expect(JSON.stringify(events)).not.toContain('typed-a-password-here');
    expect(await storedText(app)).not.toContain('another-password');
    app.clock.advance(3_700);
    await app.runMaintenance();
    expect(await app.nest.get(Database).count(SignInFailureEntity, 'TRUE')).toBe(0);
  });
});

describe('ASVS 6.3.1: two servers on one database', () => {
  it('allow no more tries than one, and recognize the same browsers', async () => {
    const { place, both } = await startReplicas({ trustProxy: 1 });
    place.clock.stop();
    const device = deviceCookieOf(await both.post(LOGIN, OWNER));
    const byAccount = await outcomesOf(7, (index) => signInFrom(both, anAddress(index), WRONG));
    expect(byAccount).toEqual([401, 401, 401, 401, 401, 429, 429]);
    expect((await signInFrom(both, anAddress(0), OWNER, device)).status).toBe(200);
    expect((await signInFrom(both, anAddress(0), OWNER, device)).status).toBe(200);
    const byAddress = await outcomesOf(22, (index) =>
      signInFrom(both, '203.0.113.9', { username: `name${index}`, password: 'a wrong password here' }),
    );
    expect(byAddress).toEqual([...Array<number>(20).fill(401), 429, 429]);
  });
});
