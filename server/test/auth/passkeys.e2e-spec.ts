import type { Passkey, PasskeyCeremony, User } from '#contracts';
import { anId, anInstant, aText } from '../support/matchers.js';
import {
  OWN_PASSKEYS,
  passwordOf,
  PUBLIC_URL,
  registerPasskey,
  showPassword,
  signInWithPasskey,
  tryToRegister,
  withPasskey,
} from '../support/passkeys.js';
import { SoftwareAuthenticator, type Deviation } from '../support/software-authenticator.js';
import { sharedTestApp, startTestApp } from '../support/start-test-app.js';
import { storedText } from '../support/stored-text.js';

const config = { publicBaseUrl: PUBLIC_URL };
const begin = `${OWN_PASSKEYS}/options`;

describe('registering a passkey', () => {
  it('stores its public key and lists it, and is audited', async () => {
    const app = await sharedTestApp(config);
    const { user, username, passkey, authenticator } = await withPasskey(app, await app.newUser('viewer'));
    expect(passkey).toEqual({
      id: anId('pky'),
      name: 'laptop',
      host: 'opstage.example.test',
      transports: ['internal'],
      isBackedUp: false,
      createdAt: anInstant(),
      lastUsedAt: null,
    });
    await signInWithPasskey(app, user, authenticator);
    const listed = await user.get(OWN_PASSKEYS).expectOk<Passkey[]>();
    expect(listed).toEqual([{ ...passkey, lastUsedAt: anInstant() }]);
    const [event] = await app.auditEvents('passkey.registered');
    expect(event).toMatchObject({
      actorName: username,
      targetType: 'User',
      targetId: user.session.user.id,
      metadata: { passkeyId: passkey.id, name: 'laptop', host: 'opstage.example.test' },
    });
  });

  it('requires the password again (ASVS 7.5.1)', async () => {
    const app = await sharedTestApp(config);
    const viewer = await app.newUser('viewer');
    const { details } = await viewer
      .post(begin, { currentPassword: 'a wrong password here' })
      .expectError(422, 'VALIDATION_FAILED');
    expect(details).toEqual({ issues: [{ path: 'currentPassword', message: aText() }] });
  });

  it('excludes authenticators that already have a passkey of the user', async () => {
    const app = await sharedTestApp(config);
    const { user, username, authenticator } = await withPasskey(app, await app.newUser('viewer'));
    const { options } = await user.post(begin, { currentPassword: passwordOf('viewer') }).expectOk<PasskeyCeremony>();
    expect(options).toMatchObject({
      rp: { id: 'opstage.example.test', name: 'Opstage' },
      user: { name: username, displayName: username },
      attestation: 'none',
      excludeCredentials: [{ id: authenticator.credentialIds[0] }],
    });
  });

  it.each<[string, Deviation]>([
    ['another origin', { origin: 'https://evil.example.test' }],
    ['another host', { rpId: 'evil.example.test' }],
    ['another challenge', { challenge: 'YW5vdGhlciBjaGFsbGVuZ2U' }],
    ['no user present', { flags: 0x40 }],
    ['a sign-in’s type', { type: 'webauthn.get' }],
    [
      'an unrequested certificate',
      { attestation: { fmt: 'packed', attStmt: new Map([['x5c', [new Uint8Array(8)]]]) } },
    ],
    ['an attestation of a kind that takes certificates', { attestation: { fmt: 'fido-u2f', attStmt: new Map() } }],
  ])('refuses %s', async (_, deviation) => {
    const app = await sharedTestApp(config);
    const user = await app.newUser('viewer');
    const answer = await tryToRegister(user, new SoftwareAuthenticator(PUBLIC_URL), { deviation });
    answer.error(422, 'PASSKEY_REFUSED');
    expect(await user.get(OWN_PASSKEYS).expectOk()).toEqual([]);
    expect(await app.auditEventsAbout(user.session.user.id, 'passkey.registered')).toEqual([]);
  });

  it('accepts a ticket once, from its own user, and in time', async () => {
    const app = await sharedTestApp(config);
    const [viewer, operator] = [await app.newUser('viewer'), await app.newUser('operator')];
    const authenticator = new SoftwareAuthenticator(PUBLIC_URL);
    const ask = () => viewer.post(begin, { currentPassword: passwordOf('viewer') }).expectOk<PasskeyCeremony>();
    const answerTo = (ceremony: PasskeyCeremony) => ({
      ticket: ceremony.ticket,
      name: 'laptop',
      response: authenticator.create(ceremony),
    });
    const first = await ask();
    await operator.post(OWN_PASSKEYS, answerTo(first)).expectError(422, 'PASSKEY_REFUSED');
    await viewer.post(OWN_PASSKEYS, answerTo(first)).expectError(422, 'PASSKEY_REFUSED');
    const late = await ask();
    app.clock.advance(301);
    await viewer.post(OWN_PASSKEYS, answerTo(late)).expectError(422, 'PASSKEY_REFUSED');
    await viewer.post(OWN_PASSKEYS, answerTo(await ask())).expectOk();
  });

  it('refuses a passkey that is already registered, and more than ten for one user', async () => {
    const app = await sharedTestApp(config);
    const [viewer, operator] = [await app.newUser('viewer'), await app.newUser('operator')];
    const currentPassword = passwordOf('viewer');
    const { ticket, options } = await viewer.post(begin, { currentPassword }).expectOk<PasskeyCeremony>();
    const made = new SoftwareAuthenticator(PUBLIC_URL).create({ options });
    await viewer.post(OWN_PASSKEYS, { ticket, name: 'laptop', response: made }).expectOk();
    const ceremony = await operator
      .post(begin, { currentPassword: passwordOf('operator') })
      .expectOk<PasskeyCeremony>();
    // The same authenticator data to another challenge: without an attestation only the challenge is the browser's.
    const other = new SoftwareAuthenticator(PUBLIC_URL).create(ceremony);
    const { clientDataJSON } = other.response as { clientDataJSON: string };
    const response = { ...made, response: { ...(made.response as object), clientDataJSON } };
    await operator
      .post(OWN_PASSKEYS, { ticket: ceremony.ticket, name: 'copy', response })
      .expectError(409, 'PASSKEY_ALREADY_REGISTERED');
    for (let i = 1; i < 10; i += 1) await registerPasskey(viewer, new SoftwareAuthenticator(PUBLIC_URL));
    await viewer.post(begin, { currentPassword }).expectError(409, 'PASSKEY_LIMIT_REACHED');
  });

  it('needs a host name: the public address of the installation, or localhost', async () => {
    const app = await sharedTestApp({ publicBaseUrl: null });
    const viewer = await app.newUser('viewer');
    const currentPassword = passwordOf('viewer');
    await viewer.post(begin, { currentPassword }).expectError(409, 'PASSKEYS_UNAVAILABLE');
    const local = await viewer.request('POST', begin, {
      body: { currentPassword },
      headers: { 'x-forwarded-host': 'opstage.example.test' },
    });
    local.error(409, 'PASSKEYS_UNAVAILABLE');
  });

  it('stores no ticket', async () => {
    const app = await sharedTestApp(config);
    const { user } = await withPasskey(app, await app.newUser('viewer'));
    const { ticket } = await showPassword(app, user);
    expect(await storedText(app)).not.toContain(ticket);
  });
});

describe('your own passkeys', () => {
  it('can be renamed and removed, with the password; both are audited', async () => {
    const app = await sharedTestApp(config);
    const { user, username, passkey } = await withPasskey(app, await app.newUser('viewer'));
    const path = `${OWN_PASSKEYS}/${passkey.id}`;
    expect(await user.patch(path, { name: 'work laptop' }).expectOk<Passkey>()).toEqual({
      ...passkey,
      name: 'work laptop',
    });
    await user.patch(path, { name: 'work laptop' }).expectOk();
    await user
      .post(`${path}/remove`, { currentPassword: 'a wrong password here' })
      .expectError(422, 'VALIDATION_FAILED');
    await user.post(`${path}/remove`, { currentPassword: passwordOf('viewer') }).expectOk();
    expect(await user.get(OWN_PASSKEYS).expectOk()).toEqual([]);
    const events = await app.auditEventsAbout(user.session.user.id, 'passkey.renamed', 'passkey.removed');
    expect(events).toMatchObject([
      { action: 'passkey.removed', metadata: { passkeyId: passkey.id, name: 'work laptop' } },
      { action: 'passkey.renamed', metadata: { passkeyId: passkey.id, before: 'laptop', after: 'work laptop' } },
    ]);
    // The password alone is sufficient again.
    await app.api.post('/api/admin/auth/login', { username, password: passwordOf('viewer') }).expectOk();
  });

  it('do not include those of other users, which are not found', async () => {
    const app = await sharedTestApp(config);
    const { passkey } = await withPasskey(app, await app.newUser('viewer'));
    const owner = await app.signIn('owner');
    const currentPassword = passwordOf('owner');
    for (const id of [passkey.id, 'pky_01ARZ3NDEKTSV4RRFFQ69G5FAV']) {
      await owner.patch(`${OWN_PASSKEYS}/${id}`, { name: 'mine' }).expectError(404, 'PASSKEY_NOT_FOUND');
      await owner.post(`${OWN_PASSKEYS}/${id}/remove`, { currentPassword }).expectError(404, 'PASSKEY_NOT_FOUND');
    }
    await owner.patch(`${OWN_PASSKEYS}/${passkey.id}`, { name: '' }).expectError(422, 'VALIDATION_FAILED');
  });
});

describe('recovery by an owner', () => {
  it('removes a user’s passkeys, ends their sessions and is audited; the password alone is then sufficient', async () => {
    const app = await startTestApp({ config });
    const { user, username } = await withPasskey(app, 'viewer');
    const owner = await app.signIn('owner');
    const { id } = user.session.user;
    const counts = async () =>
      (await owner.get('/api/admin/users').expectPage<User>()).data.map((one) => [one.username, one.passkeyCount]);
    expect(await counts()).toEqual([
      ['owner', 0],
      ['viewer', 1],
    ]);
    const path = `/api/admin/users/${id}/passkeys/reset`;
    expect(await owner.post(path).expectOk<User>()).toMatchObject({ id, passkeyCount: 0 });
    expect(await owner.post(path).expectOk<User>()).toMatchObject({ id, passkeyCount: 0 });
    await user.get('/api/admin/auth/me').expectError(401, 'UNAUTHORIZED');
    expect(await counts()).toEqual([
      ['owner', 0],
      ['viewer', 0],
    ]);
    const events = await app.auditEvents('user.passkeys.reset');
    expect(events).toMatchObject([{ actorName: 'owner', targetId: id, metadata: { username, passkeys: 1 } }]);
    await app.api.post('/api/admin/auth/login', { username, password: passwordOf('viewer') }).expectOk();
  });

  it('is for other users only, and refuses an unknown user', async () => {
    const app = await startTestApp({ config });
    const { user: owner } = await withPasskey(app, 'owner');
    const path = (id: string): string => `/api/admin/users/${id}/passkeys/reset`;
    await owner.post(path(owner.session.user.id)).expectError(403, 'FORBIDDEN');
    await owner.post(path('usr_01ARZ3NDEKTSV4RRFFQ69G5FAV')).expectError(404, 'USER_NOT_FOUND');
  });
});
