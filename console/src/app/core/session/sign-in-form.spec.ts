import { TestBed } from '@angular/core/testing';
import { fakeAuthenticator } from '../../../testing/authenticator';
import { aCeremony, aSession } from '../../../testing/builders';
import { screenOf, startConsole } from '../../../testing/console';
import { Session } from './session';
import { SignInForm } from './sign-in-form';

const LOGIN = '/api/admin/auth/login';
const PASSKEY = `${LOGIN}/passkey`;
const CANCELLED = 'No passkey came: the dialog was closed, or it took too long.';

/** The form after the password of a user who has a passkey; what the browser's dialog comes to is `failure`. */
const showPassword = async (failure: 'cancelled' | 'elsewhere' | null = null) => {
  const authenticator = fakeAuthenticator();
  authenticator.failure = failure;
  const backend = startConsole();
  const fixture = TestBed.createComponent(SignInForm);
  let signedIn = 0;
  fixture.componentInstance.signedIn.subscribe(() => (signedIn += 1));
  const screen = await screenOf(fixture);
  await screen.fill('User name', 'kim');
  await screen.fill('Password', 'a long password');
  await screen.click('Sign in');
  await backend.refuse(LOGIN, 'SECOND_FACTOR_REQUIRED', { method: 'POST', details: aCeremony() });
  return { authenticator, backend, screen, signedIn: () => signedIn };
};

describe('SignInForm, for who has a passkey', () => {
  it('asks for it right after the password, and signs in with both', async () => {
    const { authenticator, backend, signedIn } = await showPassword();
    expect(authenticator.asked).toEqual([aCeremony()]);
    expect(signedIn()).toBe(0);
    const { request } = await backend.answer(PASSKEY, aSession(), 'POST');
    expect(request.body).toEqual({ ticket: 'ticket-1', response: { id: 'used' } });
    expect(signedIn()).toBe(1);
    expect(TestBed.inject(Session).state()).toBe('signedIn');
  });

  it('says that nothing came, sends nothing, and can ask again with the same ticket', async () => {
    const { authenticator, backend, screen, signedIn } = await showPassword('cancelled');
    expect(screen.one('[role=alert]').textContent).toBe(CANCELLED);
    expect(screen.text).toContain('The password is right.');
    backend.expectNoMore();
    authenticator.failure = null;
    await screen.click('Use passkey');
    await backend.answer(PASSKEY, aSession(), 'POST');
    expect(authenticator.asked).toHaveLength(2);
    expect(signedIn()).toBe(1);
  });

  it('says that the passkey belongs to another address', async () => {
    const { screen } = await showPassword('elsewhere');
    expect(screen.one('[role=alert]').textContent).toBe('Passkeys belong to another address than this one.');
  });

  it('begins with the password again when the passkey is refused', async () => {
    const { backend, screen, signedIn } = await showPassword();
    await backend.refuse(PASSKEY, 'UNAUTHORIZED', { method: 'POST' });
    expect(screen.one('[role=alert]').textContent).toBe('The passkey was refused, or it took too long. Sign in again.');
    expect(screen.field('User name').value).toBe('kim');
    expect(screen.field('Password').value).toBe('');
    expect(signedIn()).toBe(0);
  });

  it('lets one start again as somebody else', async () => {
    const { screen } = await showPassword('cancelled');
    await screen.click('Start again');
    expect(screen.field('Password').value).toBe('');
    expect(screen.all('[role=alert]')).toEqual([]);
  });

  it('says that passkeys cannot be used here', async () => {
    const backend = startConsole();
    const screen = await screenOf(TestBed.createComponent(SignInForm));
    await screen.fill('User name', 'kim');
    await screen.fill('Password', 'a long password');
    await screen.click('Sign in');
    await backend.refuse(LOGIN, 'PASSKEYS_UNAVAILABLE', { method: 'POST' });
    expect(screen.one('[role=alert]').textContent).toContain('Your passkeys cannot be used at this address.');
  });
});

it('says that a sign-in over plain HTTP needs the https:// address', async () => {
  const backend = startConsole();
  const screen = await screenOf(TestBed.createComponent(SignInForm));
  await screen.fill('User name', 'kim');
  await screen.fill('Password', 'a long password');
  await screen.click('Sign in');
  await backend.refuse(LOGIN, 'HTTPS_REQUIRED', { method: 'POST' });
  expect(screen.one('[role=alert]').textContent).toContain('You cannot sign in over plain HTTP here.');
});
