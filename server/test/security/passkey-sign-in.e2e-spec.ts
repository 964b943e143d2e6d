import type { PasskeyCeremony, SessionInfo, User } from '#contracts';
import { TestOperator } from '#testing';
import { aText, anId, anInstant, listWith } from '../support/matchers.js';
import {
  LOGIN,
  passwordOf,
  PUBLIC_URL,
  registerPasskey,
  showPasskey,
  showPassword,
  withPasskey,
} from '../support/passkeys.js';
import { SoftwareAuthenticator, type Deviation } from '../support/software-authenticator.js';
import { sharedTestApp, startTestApp, type TestApp } from '../support/start-test-app.js';

const config = { publicBaseUrl: PUBLIC_URL };
const REFUSED = 'The passkey was refused, or it took too long; sign in again.';

/** Expects the second step to fail with the usual error and to open no session. */
const expectRefusal = async (answer: ReturnType<typeof showPasskey>): Promise<void> => {
  const { headers, text } = await answer;
  expect(headers.getSetCookie()).toEqual([]);
  expect(JSON.parse(text)).toEqual({ success: false, error: { code: 'UNAUTHORIZED', message: REFUSED } });
};

describe('signing in with a passkey as the second factor (ASVS 6.3.3)', () => {
  it('asks for it after the right password, and opens the session only after the passkey is used', async () => {
    const app = await sharedTestApp(config);
    const { authenticator, passkey, username } = await withPasskey(app, await app.newUser('viewer'));
    const first = await app.api.post(LOGIN, { username, password: passwordOf('viewer') });
    expect(first.headers.getSetCookie()).toEqual([]);
    const { details } = first.error(401, 'SECOND_FACTOR_REQUIRED');
    expect(details).toEqual({
      ticket: aText(/^[\w-]{43}$/),
      expiresAt: anInstant(),
      options: {
        rpId: 'opstage.example.test',
        // ASVS 6.7.2: at least 64 bits.
        challenge: aText(/^[\w-]{43}$/),
        allowCredentials: [{ id: authenticator.credentialIds[0], type: 'public-key', transports: ['internal'] }],
        timeout: 120_000,
        userVerification: 'preferred',
      },
    });
    const second = await showPasskey(app, details as PasskeyCeremony, authenticator);
    const viewer = TestOperator.signedIn(app.api, second);
    expect(second.headers.getSetCookie()[0]).toMatch(/^opstage_session=/);
    const session = await viewer.get('/api/admin/auth/me').expectOk<SessionInfo>();
    expect(session).toEqual(second.data<SessionInfo>());
    const [event] = await app.auditEvents('session.login.succeeded');
    expect(event).toMatchObject({ actorName: username, metadata: { passkeyId: passkey.id } });
  });

  it('does not reveal before the right password that the user has a passkey', async () => {
    const app = await sharedTestApp(config);
    const { username } = await withPasskey(app, await app.newUser('viewer'));
    const wrong = await app.api.post(LOGIN, { username, password: 'a wrong password here' });
    const nobody = await app.api.post(LOGIN, { username: 'nobody', password: 'a wrong password here' });
    wrong.error(401, 'UNAUTHORIZED');
    expect(wrong.text).toBe(nobody.text);
  });

  it('refuses a passkey without the ticket that the password step issued (ASVS 6.3.4)', async () => {
    const app = await sharedTestApp(config);
    const { authenticator, user } = await withPasskey(app, await app.newUser('viewer'));
    const ceremony = await showPassword(app, user);
    for (const ticket of ['guessed', ceremony.ticket.slice(1), `${ceremony.ticket}x`])
      await expectRefusal(showPasskey(app, { ...ceremony, ticket }, authenticator));
  });

  it('accepts a ticket once, even when two answers arrive at the same time', async () => {
    const app = await sharedTestApp(config);
    const { authenticator, user } = await withPasskey(app, await app.newUser('viewer'));
    const ceremony = await showPassword(app, user);
    const answers = await Promise.all([1, 2, 3].map(() => showPasskey(app, ceremony, authenticator)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401, 401]);
    await expectRefusal(showPasskey(app, ceremony, authenticator));
  });

  it('uses the ticket up with a wrong answer', async () => {
    const app = await sharedTestApp(config);
    const { authenticator, user } = await withPasskey(app, await app.newUser('viewer'));
    const ceremony = await showPassword(app, user);
    await expectRefusal(showPasskey(app, ceremony, authenticator, { origin: 'https://evil.example.test' }));
    await expectRefusal(showPasskey(app, ceremony, authenticator));
  });

  it('expires after two minutes', async () => {
    const app = await startTestApp({ config });
    const { authenticator } = await withPasskey(app, 'viewer');
    app.clock.stop();
    const inTime = await showPassword(app, 'viewer');
    app.clock.advance(119);
    await showPasskey(app, inTime, authenticator).expectOk();
    const late = await showPassword(app, 'viewer');
    app.clock.advance(120);
    await expectRefusal(showPasskey(app, late, authenticator));
  });

  it.each<[string, Deviation]>([
    ['from another origin', { origin: 'https://evil.example.test' }],
    ['from the same host without TLS', { origin: 'http://opstage.example.test' }],
    ['for another host', { rpId: 'evil.example.test' }],
    ['to another challenge', { challenge: 'YW5vdGhlciBjaGFsbGVuZ2U' }],
    ['that is a registration', { type: 'webauthn.create' }],
    ['given without the user’s presence', { flags: 0 }],
  ])('refuses an answer %s, and audits it as a failed sign-in', async (_, deviation) => {
    const app = await sharedTestApp(config);
    const { authenticator, user, username } = await withPasskey(app, await app.newUser('viewer'));
    await expectRefusal(showPasskey(app, await showPassword(app, user), authenticator, deviation));
    const [event] = await app.auditEvents('session.login.failed');
    expect(event).toMatchObject({
      actorId: null,
      targetId: user.session.user.id,
      result: 'FAILURE',
      metadata: { username, step: 'passkey' },
    });
  });

  it.each(['signature', 'authenticatorData', 'clientDataJSON'])('refuses a tampered %s', async (field) => {
    const app = await sharedTestApp(config);
    const { authenticator, user } = await withPasskey(app, await app.newUser('viewer'));
    const ceremony = await showPassword(app, user);
    const answer = authenticator.get(ceremony);
    const honest = answer.response as Record<string, string>;
    const bytes = Buffer.from(honest[field]!, 'base64url');
    bytes[bytes.length - 1]! ^= 1;
    const response = { ...answer, response: { ...honest, [field]: bytes.toString('base64url') } };
    await expectRefusal(app.api.post(`${LOGIN}/passkey`, { ticket: ceremony.ticket, response }));
  });

  it('refuses an unknown passkey, and one of another user', async () => {
    const app = await sharedTestApp(config);
    const { user } = await withPasskey(app, await app.newUser('viewer'));
    const { authenticator: others } = await withPasskey(app, await app.newUser('operator'));
    const stranger = new SoftwareAuthenticator(PUBLIC_URL);
    stranger.create({ options: { rp: { id: 'opstage.example.test' }, challenge: 'AAAA' } });
    for (const authenticator of [others, stranger])
      await expectRefusal(showPasskey(app, await showPassword(app, user), authenticator));
  });

  it('refuses a counter that does not rise, which may mean a cloned authenticator, and audits the reason', async () => {
    const app = await sharedTestApp(config);
    const { authenticator, passkey, username, user } = await withPasskey(app, await app.newUser('viewer'));
    await showPasskey(app, await showPassword(app, user), authenticator, { counter: 7 }).expectOk();
    for (const counter of [7, 6, 0])
      await expectRefusal(showPasskey(app, await showPassword(app, user), authenticator, { counter }));
    const { id } = user.session.user;
    const events = await app.auditEventsAbout(id, 'passkey.counter.regressed');
    expect(events).toHaveLength(3);
    expect(events.at(-1)).toMatchObject({
      result: 'FAILURE',
      metadata: { username, passkeyId: passkey.id, stored: 7, shown: 7 },
    });
    expect(await app.auditEventsAbout(id, 'session.login.failed')).toHaveLength(3);
    await showPasskey(app, await showPassword(app, user), authenticator, { counter: 8 }).expectOk();
  });

  it('accepts an authenticator whose counter stays at 0', async () => {
    const app = await sharedTestApp(config);
    const user = await app.newUser('viewer');
    const authenticator = new SoftwareAuthenticator(PUBLIC_URL);
    await registerPasskey(user, authenticator, { deviation: { counter: 0 } });
    for (let i = 0; i < 2; i += 1)
      await showPasskey(app, await showPassword(app, user), authenticator, { counter: 0 }).expectOk();
  });

  it('voids the ticket when the user is disabled or the password is reset in the meantime', async () => {
    const app = await sharedTestApp(config);
    const { authenticator, user } = await withPasskey(app, await app.newUser('viewer'));
    const owner = await app.signIn('owner');
    const path = `/api/admin/users/${user.session.user.id}`;
    const disabled = await showPassword(app, user);
    await owner.patch(path, { status: 'DISABLED' }).expectOk<User>();
    await expectRefusal(showPasskey(app, disabled, authenticator));
    await owner.patch(path, { status: 'ACTIVE' }).expectOk<User>();
    const reset = await showPassword(app, user);
    await owner.post(`${path}/reset-password`, { newPassword: passwordOf('viewer') }).expectOk();
    await expectRefusal(showPasskey(app, reset, authenticator));
    await showPasskey(app, await showPassword(app, user), authenticator).expectOk();
  });

  it('never falls back to the password alone when passkeys cannot be used or belong to another host', async () => {
    const app = await startTestApp({ config });
    const { username } = await withPasskey(app, 'viewer');
    await app.stop();
    for (const publicBaseUrl of [
      'https://moved.example.test',
      'http://opstage.example.test',
      'https://192.0.2.1',
      null,
    ]) {
      const moved = await startTestApp({ beside: app, config: { publicBaseUrl } });
      const answer = await moved.api.post(LOGIN, { username, password: passwordOf('viewer') });
      answer.error(409, 'PASSKEYS_UNAVAILABLE');
      expect(answer.headers.getSetCookie()).toEqual([]);
      await moved.stop();
    }
  });

  it.each<[string, (app: TestApp) => object, string]>([
    ['no ticket', () => ({ response: {} }), 'ticket'],
    ['no response', () => ({ ticket: 'x' }), 'response'],
    ['a response that is a list', () => ({ ticket: 'x', response: [] }), 'response'],
    ['an empty response', () => ({ ticket: 'x', response: {} }), 'response.id'],
    ['an id that is an object', () => ({ ticket: 'x', response: { id: {} } }), 'response.id'],
    ['an unknown field', () => ({ ticket: 'x', response: {}, role: 'owner' }), 'role'],
  ])('names the invalid field of a malformed second step: %s', async (_, bodyOf, path) => {
    const app = await sharedTestApp(config);
    const { details } = await app.api.post(`${LOGIN}/passkey`, bodyOf(app)).expectError(422, 'VALIDATION_FAILED');
    expect(details).toEqual({ issues: listWith({ path, message: aText() }) });
  });
});

describe('the session of a user who has a passkey', () => {
  it('survives only if it registered the passkey; sessions opened with the password alone end (ASVS 7.4.3)', async () => {
    const app = await sharedTestApp(config);
    const before = await app.newUser('viewer');
    const other = await TestOperator.signIn(app.api, before.session.user.username, passwordOf('viewer'));
    await registerPasskey(before, new SoftwareAuthenticator(PUBLIC_URL));
    await other.get('/api/admin/auth/me').expectError(401, 'UNAUTHORIZED');
    const { user } = await before.get('/api/admin/auth/me').expectOk<SessionInfo>();
    expect(user.id).toEqual(anId('usr'));
  });
});
