import { HttpClient } from '@angular/common/http';
import { TestBed } from '@angular/core/testing';
import type { Routes } from '@angular/router';
import { fakeAuthenticator } from '../../../testing/authenticator';
import { aCeremony, aPasskey, aSession } from '../../../testing/builders';
import { goTo, signInAs, startConsole } from '../../../testing/console';
import { address, elsewhere, until } from '../../../testing/visit';
import { Session } from '../../core/session/session';
import { enrolmentGuard, signedInGuard } from '../../core/session/session.guards';
import { Shell } from '../../core/shell/shell';
import { enrolmentRoutes } from './enrolment.routes';

const ME = '/api/admin/auth/me';
const PASSKEYS = '/api/admin/auth/passkeys';
const ROUTES: Routes = [
  { path: 'login', children: [elsewhere] },
  { path: 'enrolment', canActivate: [enrolmentGuard], children: enrolmentRoutes },
  { path: '', canActivate: [signedInGuard], component: Shell, children: [elsewhere] },
];

/** A user whose role needs a passkey asks for a page. */
const open = async (url: string) => {
  fakeAuthenticator();
  const backend = startConsole(ROUTES);
  const loading = TestBed.inject(Session).load();
  await backend.answer(ME, { ...aSession('viewer'), passkeyEnrolmentRequired: true });
  await loading;
  return { backend, screen: await goTo(url) };
};

describe('EnrolmentPage', () => {
  it('is all there is for who needs a passkey, and leads on once there is one', async () => {
    const { backend, screen } = await open('/agents?q=demo');
    expect(address()).toBe('/enrolment?returnTo=%2Fagents%3Fq%3Ddemo');
    expect(screen.text).toContain('Your role needs a passkey');
    await screen.fill('Name of the passkey', 'Laptop');
    await screen.fill('Your password', 'a long password');
    await screen.click('Register passkey');
    await backend.answer(`${PASSKEYS}/options`, aCeremony(), 'POST');
    await backend.answer(PASSKEYS, aPasskey(), 'POST');
    await backend.answer(ME, aSession('viewer'));
    expect(address()).toBe('/agents?q=demo');
  });

  it('lets one sign out instead', async () => {
    const { backend, screen } = await open('/');
    await screen.click('Sign out');
    await backend.answer('/api/admin/auth/logout', { done: true }, 'POST');
    expect(address()).toBe('/login');
  });

  it('takes the place of a page that is open when the need arises', async () => {
    const backend = startConsole(ROUTES);
    await signInAs('viewer', backend);
    await goTo('/agents');
    TestBed.inject(HttpClient)
      .get('/api/other')
      .subscribe({ error: () => undefined });
    await backend.refuse('/api/other', 'PASSKEY_ENROLMENT_REQUIRED');
    await until(() => address() === '/enrolment?returnTo=%2Fagents');
  });

  it('is not for who needs none', async () => {
    const backend = startConsole(ROUTES);
    await signInAs('viewer', backend);
    await goTo('/enrolment');
    expect(address()).toBe('');
  });
});
