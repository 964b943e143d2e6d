import type { SessionInfo, SignInSettings } from '#contracts';
import { TestOperator } from '#testing';
import { passwordOf, PUBLIC_URL, registerPasskey, OWN_PASSKEYS, withPasskey } from '../support/passkeys.js';
import { declaredRoutes, routeName } from '../support/routes-of.js';
import { SoftwareAuthenticator } from '../support/software-authenticator.js';
import { sharedTestApp, startTestApp } from '../support/start-test-app.js';

const config = { publicBaseUrl: PUBLIC_URL };
const SETTINGS = '/api/admin/settings/sign-in';

/** The only routes open to a session whose user still lacks the required passkey. */
const BEFORE_ENROLMENT = [
  'POST /api/admin/auth/logout',
  'GET /api/admin/auth/me',
  'GET /api/admin/auth/csrf',
  'GET /api/admin/auth/passkeys',
  'POST /api/admin/auth/passkeys',
  'POST /api/admin/auth/passkeys/options',
];

describe('a role that needs a passkey (ASVS 6.3.3)', () => {
  it('lets a user without one only register one, on every route, and then everything', async () => {
    const app = await startTestApp({ config });
    const owner = await app.signIn('owner');
    const open = await app.signIn('viewer');
    await owner.patch(SETTINGS, { passkeyRequiredRoles: ['viewer'] }).expectOk();
    await open.get('/api/admin/agents').expectError(403, 'PASSKEY_ENROLMENT_REQUIRED');
    const viewer = await TestOperator.signIn(app.api, 'viewer', passwordOf('viewer'));
    expect(viewer.session.passkeyEnrolmentRequired).toBe(true);
    const refused: string[] = [];
    const routes = declaredRoutes(app).filter(({ access }) => access !== 'agent' && access !== 'public');
    // These two end the session or replace its CSRF token, which the other calls use.
    for (const route of routes.filter(({ path }) => !/auth\/(?:logout|csrf)$/.test(path))) {
      const path = route.path.replaceAll(/:\w+/g, 'x');
      const { text } = await viewer.request(route.method, path, route.method === 'GET' ? {} : { body: {} });
      if (text.includes('PASSKEY_ENROLMENT_REQUIRED')) refused.push(routeName(route));
    }
    const others = routes.map(routeName).filter((name) => !BEFORE_ENROLMENT.includes(name));
    expect(refused.sort()).toEqual(others.sort());
  });

  it('is satisfied once the passkey is registered, in the same session', async () => {
    const app = await startTestApp({ config });
    const owner = await app.signIn('owner');
    await app.signIn('viewer');
    await owner.patch(SETTINGS, { passkeyRequiredRoles: ['viewer', 'operator'] }).expectOk();
    const viewer = await TestOperator.signIn(app.api, 'viewer', passwordOf('viewer'));
    const passkey = await registerPasskey(viewer, new SoftwareAuthenticator(PUBLIC_URL));
    const me = await viewer.get('/api/admin/auth/me').expectOk<SessionInfo>();
    expect(me).not.toHaveProperty('passkeyEnrolmentRequired');
    await viewer.get('/api/admin/agents').expectPage();
    const currentPassword = passwordOf('viewer');
    const remove = `${OWN_PASSKEYS}/${passkey.id}/remove`;
    await viewer.post(remove, { currentPassword }).expectError(409, 'PASSKEY_REQUIRED');
    await registerPasskey(viewer, new SoftwareAuthenticator(PUBLIC_URL), { name: 'spare' });
    await viewer.post(remove, { currentPassword }).expectOk();
  });

  it('leaves one passkey when the last two are removed at once', async () => {
    const app = await startTestApp({ config });
    const { user, passkey } = await withPasskey(app, 'viewer');
    const spare = await registerPasskey(user, new SoftwareAuthenticator(PUBLIC_URL), { name: 'spare' });
    await (await app.signIn('owner')).patch(SETTINGS, { passkeyRequiredRoles: ['viewer'] }).expectOk();
    const currentPassword = passwordOf('viewer');
    const answers = await Promise.all(
      [passkey, spare].map(({ id }) => user.post(`${OWN_PASSKEYS}/${id}/remove`, { currentPassword })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
  });

  it('can be set to owner only by an owner with a passkey, so that owners cannot lock themselves out', async () => {
    const app = await startTestApp({ config });
    const owner = await app.signIn('owner');
    const all = { passkeyRequiredRoles: ['viewer', 'owner', 'viewer'] };
    await owner.patch(SETTINGS, all).expectError(409, 'PASSKEY_REQUIRED');
    expect(await owner.get(SETTINGS).expectOk()).toEqual({ passkeyRequiredRoles: [] });
    await withPasskey(app, 'owner');
    const after = await owner.patch(SETTINGS, all).expectOk<SignInSettings>();
    expect(after).toEqual({ passkeyRequiredRoles: ['owner', 'viewer'] });
    const events = await app.auditEvents('settings.sign_in.updated');
    expect(events).toMatchObject([
      { targetType: 'Workspace', metadata: { before: { passkeyRequiredRoles: [] }, after } },
    ]);
    await owner.patch(SETTINGS, all).expectOk();
    expect(await app.auditEvents('settings.sign_in.updated')).toHaveLength(1);
  });

  it.each([
    [{ passkeyRequiredRoles: ['king'] }],
    [{ passkeyRequiredRoles: 'owner' }],
    [{ passkeyRequiredRoles: null }],
  ])('must be an existing role: %j', async (body) => {
    const app = await sharedTestApp();
    await (await app.signIn('owner')).patch(SETTINGS, body).expectError(422, 'VALIDATION_FAILED');
  });
});
