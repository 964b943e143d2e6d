import type { Passkey, PasskeyCeremony, Role, SessionInfo } from '#contracts';
import { TestOperator, type ApiAnswer, type ApiCall } from '#testing';
import { SoftwareAuthenticator, type Deviation } from './software-authenticator.js';
import { OWNER, PASSWORD, type TestApp } from './start-test-app.js';

export const OWN_PASSKEYS = '/api/admin/auth/passkeys';
export const LOGIN = '/api/admin/auth/login';

/** The public address of the tests' installation, which passkeys are bound to. */
export const PUBLIC_URL = 'https://opstage.example.test';

export const passwordOf = (role: Role): string => (role === 'owner' ? OWNER.password : PASSWORD);

/** Registers a passkey for this user on `authenticator`. */
export const registerPasskey = async (
  user: TestOperator,
  authenticator: SoftwareAuthenticator,
  { name = 'laptop', deviation = {} } = {},
): Promise<Passkey> => (await tryToRegister(user, authenticator, { name, deviation })).data<Passkey>();

/** Does the same as {@link registerPasskey} and returns the answer, success or not. */
export const tryToRegister = async (
  user: TestOperator,
  authenticator: SoftwareAuthenticator,
  { name = 'laptop', deviation = {} } = {},
): Promise<ApiAnswer> => {
  const currentPassword = passwordOf(user.session.user.role);
  const ceremony = await user.post(`${OWN_PASSKEYS}/options`, { currentPassword }).expectOk<PasskeyCeremony>();
  return user.post(OWN_PASSKEYS, {
    ticket: ceremony.ticket,
    name,
    response: authenticator.create(ceremony, deviation),
  });
};

/** A signed-in user, or the role of one of the tests' users. */
type Someone = Role | TestOperator;

const nameOf = (who: Someone): string => (typeof who === 'string' ? who : who.session.user.username);

/** Gives this user one passkey, held by the returned `authenticator`. */
export const withPasskey = async (app: TestApp, who: Someone) => {
  const user = typeof who === 'string' ? await app.signIn(who) : who;
  const authenticator = new SoftwareAuthenticator(PUBLIC_URL);
  const passkey = await registerPasskey(user, authenticator);
  return { user, authenticator, passkey, username: user.session.user.username };
};

/** Signs in with the password and returns the passkey ceremony that the server asks for. */
export const showPassword = async (app: Pick<TestApp, 'api'>, who: Someone): Promise<PasskeyCeremony> => {
  const password = who === 'owner' ? OWNER.password : PASSWORD;
  const { details } = await app.api
    .post(LOGIN, { username: nameOf(who), password })
    .expectError(401, 'SECOND_FACTOR_REQUIRED');
  return details as PasskeyCeremony;
};

/** Answers the second step of a sign-in. */
export const showPasskey = (
  app: Pick<TestApp, 'api'>,
  ceremony: PasskeyCeremony,
  authenticator: SoftwareAuthenticator,
  deviation?: Deviation,
): ApiCall =>
  app.api.post(`${LOGIN}/passkey`, { ticket: ceremony.ticket, response: authenticator.get(ceremony, deviation) });

/** Signs in with password and passkey. */
export const signInWithPasskey = async (
  app: Pick<TestApp, 'api'>,
  who: Someone,
  authenticator: SoftwareAuthenticator,
): Promise<SessionInfo> => showPasskey(app, await showPassword(app, who), authenticator).expectOk<SessionInfo>();
