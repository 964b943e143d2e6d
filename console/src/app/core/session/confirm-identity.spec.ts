import { HttpClient } from '@angular/common/http';
import { TestBed } from '@angular/core/testing';
import { firstValueFrom } from 'rxjs';
import { fakeAuthenticator } from '../../../testing/authenticator';
import { aCeremony } from '../../../testing/builders';
import { overlay, signInAs, startConsole } from '../../../testing/console';
import { dialogClosed, until } from '../../../testing/visit';

const USERS = '/api/admin/users';
const CONFIRM = '/api/admin/auth/confirm';
const PASSWORD = 'Your password';

/** A request that the server refuses until the user has confirmed who they are. */
const refused = async () => {
  const authenticator = fakeAuthenticator();
  const backend = startConsole();
  await signInAs('owner', backend);
  const http = TestBed.inject(HttpClient);
  const outcome = firstValueFrom(http.post(USERS, { username: 'ada' })).catch((error: unknown) => error);
  await backend.refuse(USERS, 'CONFIRMATION_REQUIRED', { method: 'POST', message: 'Confirm who you are.' });
  await until(() => overlay().text.includes('Confirm that it is you'));
  return { authenticator, backend, http, outcome };
};

describe('ConfirmIdentity', () => {
  it('asks for the password, and then repeats the request', async () => {
    const { backend, outcome } = await refused();
    await overlay().fill(PASSWORD, 'a long password');
    await overlay().click('Confirm');
    const { request } = await backend.answer(CONFIRM, { confirmedUntil: '2026-01-01T00:00:00.000Z' }, 'POST');
    expect(request.body).toEqual({ currentPassword: 'a long password' });
    await dialogClosed();
    const again = await backend.answer(USERS, { id: 'usr_1' }, 'POST');
    expect(again.request.body).toEqual({ username: 'ada' });
    expect(await outcome).toEqual({ id: 'usr_1' });
  });

  it('takes a passkey instead', async () => {
    const { authenticator, backend, outcome } = await refused();
    await overlay().click('Use a passkey');
    await backend.answer(`${CONFIRM}/passkey/options`, aCeremony(), 'POST');
    await backend.answer(`${CONFIRM}/passkey`, { confirmedUntil: '2026-01-01T00:00:00.000Z' }, 'POST');
    expect(authenticator.asked).toEqual([aCeremony()]);
    await dialogClosed();
    await backend.answer(USERS, { id: 'usr_1' }, 'POST');
    expect(await outcome).toEqual({ id: 'usr_1' });
  });

  it('says that the password is wrong, and asks again', async () => {
    const { backend } = await refused();
    await overlay().fill(PASSWORD, 'a guess');
    await overlay().click('Confirm');
    await backend.refuse(CONFIRM, 'VALIDATION_FAILED', { method: 'POST' });
    expect(overlay().one('[role=alert]').textContent).toContain('password');
    await overlay().click('Confirm');
    await backend.refuse(CONFIRM, 'RATE_LIMITED', { method: 'POST', message: 'Wait 2 s.' });
    expect(overlay().one('[role=alert]').textContent).toContain('Wait 2 s.');
  });

  it('asks once for requests that are refused together, and leaves them refused when it is cancelled', async () => {
    const { backend, http, outcome } = await refused();
    const other = firstValueFrom(http.patch(`${USERS}/usr_1`, {})).catch((error: unknown) => error);
    await backend.refuse(`${USERS}/usr_1`, 'CONFIRMATION_REQUIRED', { method: 'PATCH' });
    expect(overlay().all('ops-confirm-identity-dialog')).toHaveLength(1);
    await overlay().click('Cancel');
    const words = {
      code: 'CONFIRMATION_REQUIRED',
      message: 'Nothing was changed, because you did not confirm that it is you.',
    };
    expect(await outcome).toMatchObject(words);
    expect(await other).toMatchObject(words);
  });
});
