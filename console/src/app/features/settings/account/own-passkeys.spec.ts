import { TestBed } from '@angular/core/testing';
import type { Passkey } from '#contracts';
import { fakeAuthenticator } from '../../../../testing/authenticator';
import { aCeremony, aPasskey } from '../../../../testing/builders';
import { overlay, screenOf, signInAs, startConsole } from '../../../../testing/console';
import { dialogClosed } from '../../../../testing/visit';
import { OwnPasskeys } from './own-passkeys';

const PASSKEYS = '/api/admin/auth/passkeys';
const NAME = 'Name of the passkey';
const PASSWORD = 'Your password';

const open = async () => {
  const authenticator = fakeAuthenticator();
  const backend = startConsole();
  await signInAs('viewer', backend);
  const screen = await screenOf(TestBed.createComponent(OwnPasskeys));
  return { authenticator, backend, screen };
};

/** With these there. */
const openWith = async (...passkeys: readonly Passkey[]) => {
  const opened = await open();
  await opened.backend.answer(PASSKEYS, passkeys);
  return opened;
};

/** The form for another one, filled in and sent. */
const add = async () => {
  const opened = await openWith();
  await opened.screen.click('Add a passkey');
  await opened.screen.fill(NAME, 'Laptop');
  await opened.screen.fill(PASSWORD, 'a long password');
  await opened.screen.click('Register passkey');
  return opened;
};

describe('OwnPasskeys', () => {
  it('is a skeleton until they are there', async () => {
    const { backend, screen } = await open();
    expect(screen.all('ops-skeleton')).toHaveLength(1);
    await backend.answer(PASSKEYS, []);
    expect(screen.all('ops-skeleton')).toHaveLength(0);
  });

  it('says what it means to have none', async () => {
    const { screen } = await openWith();
    expect(screen.text).toContain('Whoever has your password can sign in as you.');
  });

  it('says what failed and tries again', async () => {
    const { backend, screen } = await open();
    await backend.refuse(PASSKEYS, 'DATABASE_UNAVAILABLE', { message: 'The database is away.' });
    expect(screen.one('[role=alert]').textContent).toContain('The database is away.');
    await screen.click('Try again');
    await backend.answer(PASSKEYS, [aPasskey()]);
    expect(screen.texts('tbody th')).toEqual(['Laptop']);
  });

  it('says which there are and when each was used', async () => {
    const { screen } = await openWith(aPasskey(), aPasskey({ id: 'pky_2', name: 'Key', lastUsedAt: null }));
    expect(screen.texts('tbody th')).toEqual(['Laptop', 'Key']);
    expect(screen.texts('tbody tr:nth-child(2) td')[0]).toBe('never');
    expect(screen.all('tbody time')).toHaveLength(1);
  });

  it('opens the form in the place of saying that there are none, the focus in it, and closes it again', async () => {
    const { screen } = await openWith();
    await screen.click('Add a passkey');
    expect(screen.all('ops-empty-state')).toEqual([]);
    expect(document.activeElement).toBe(screen.field(NAME));
    await screen.click('Cancel');
    expect(screen.all('ops-empty-state')).toHaveLength(1);
    expect(document.activeElement).toBe(screen.named('Add a passkey'));
  });

  it('registers another one, with the password, and reads again', async () => {
    const { authenticator, backend, screen } = await add();
    const begun = await backend.answer(`${PASSKEYS}/options`, aCeremony(), 'POST');
    expect(begun.request.body).toEqual({ currentPassword: 'a long password' });
    expect(authenticator.asked).toEqual([aCeremony()]);
    const { request } = await backend.answer(PASSKEYS, aPasskey(), 'POST');
    expect(request.body).toEqual({ ticket: 'ticket-1', name: 'Laptop', response: { id: 'made' } });
    expect(overlay().text).toContain('The passkey is registered');
    await backend.answer(PASSKEYS, [aPasskey()]);
    expect(screen.all('ops-register-passkey')).toEqual([]);
    expect(screen.texts('tbody th')).toEqual(['Laptop']);
  });

  it('says at its field that the password is wrong', async () => {
    const { backend, screen } = await add();
    const details = { issues: [{ path: 'currentPassword', message: 'is wrong' }] };
    await backend.refuse(`${PASSKEYS}/options`, 'VALIDATION_FAILED', { method: 'POST', details });
    expect(screen.faultOf(PASSWORD)).toBe('This is not your password.');
  });

  it.each([
    ['cancelled', 'No passkey came'],
    ['exists', 'This device has a passkey of yours already.'],
  ] as const)('says why none was made: %s', async (failure, words) => {
    const { authenticator, backend, screen } = await add();
    authenticator.failure = failure;
    await backend.answer(`${PASSKEYS}/options`, aCeremony(), 'POST');
    expect(screen.one('[role=alert]').textContent).toContain(words);
    backend.expectNoMore();
  });

  it('sends nothing while something is missing', async () => {
    const { backend, screen } = await openWith();
    await screen.click('Add a passkey');
    await screen.click('Register passkey');
    expect([NAME, PASSWORD].map((label) => screen.faultOf(label))).toEqual(Array(2).fill('This is needed.'));
    backend.expectNoMore();
  });

  it('gives one another name', async () => {
    const { backend, screen } = await openWith(aPasskey());
    await screen.click('Rename Laptop');
    await overlay().fill(NAME, 'Work laptop');
    await overlay().click('Rename');
    const { request } = await backend.answer(`${PASSKEYS}/pky_1`, aPasskey({ name: 'Work laptop' }), 'PATCH');
    expect(request.body).toEqual({ name: 'Work laptop' });
    await dialogClosed();
    await backend.answer(PASSKEYS, [aPasskey({ name: 'Work laptop' })]);
    expect(screen.texts('tbody th')).toEqual(['Work laptop']);
  });

  it('removes one, with the password', async () => {
    const { backend, screen } = await openWith(aPasskey());
    await screen.click('Remove Laptop');
    await overlay().fill(PASSWORD, 'a long password');
    await overlay().click('Remove');
    const { request } = await backend.answer(`${PASSKEYS}/pky_1/remove`, { done: true }, 'POST');
    expect(request.body).toEqual({ currentPassword: 'a long password' });
    await dialogClosed();
    await backend.answer(PASSKEYS, []);
    expect(screen.text).toContain('No passkeys');
  });

  it('says that the last one has to stay where the role needs one', async () => {
    const { backend, screen } = await openWith(aPasskey());
    await screen.click('Remove Laptop');
    await overlay().fill(PASSWORD, 'a long password');
    await overlay().click('Remove');
    await backend.refuse(`${PASSKEYS}/pky_1/remove`, 'PASSKEY_REQUIRED', { method: 'POST' });
    expect(overlay().one('[role=alert]').textContent).toContain('Register another one before you remove the last.');
  });
});
