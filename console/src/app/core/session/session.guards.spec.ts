import { TestBed } from '@angular/core/testing';
import type { Routes } from '@angular/router';
import type { Role } from '#contracts';
import { goTo, signInAs, startConsole } from '../../../testing/console';
import { address, elsewhere } from '../../../testing/visit';
import { Session } from './session';
import { roleGuard, signedInGuard } from './session.guards';

const ME = '/api/admin/auth/me';

const ROUTES: Routes = [
  { path: 'login', children: [elsewhere] },
  {
    path: '',
    canActivate: [signedInGuard],
    children: [{ path: 'users', canActivate: [roleGuard('operator')], children: [elsewhere] }, elsewhere],
  },
];

const start = () => startConsole(ROUTES);

describe('signedInGuard', () => {
  it('sends who is not signed in to the sign-in, and says where to come back to', async () => {
    const backend = start();
    const loading = TestBed.inject(Session).load();
    await backend.refuse(ME, 'UNAUTHORIZED');
    await loading;
    await goTo('/agents?status=ONLINE');
    expect(address()).toBe('/login?returnTo=%2Fagents%3Fstatus%3DONLINE');
  });

  it('sends nobody away because the server does not answer', async () => {
    const backend = start();
    const loading = TestBed.inject(Session).load();
    await backend.cut(ME);
    await loading;
    await goTo('/agents');
    expect(address()).toBe('/agents');
  });

  it('lets in who is signed in', async () => {
    await signInAs('viewer', start());
    await goTo('/agents');
    expect(address()).toBe('/agents');
  });
});

describe('roleGuard', () => {
  it.each([
    ['viewer', ''],
    ['operator', '/users'],
    ['owner', '/users'],
  ] as readonly (readonly [Role, string])[])('leads %s to "%s"', async (role, where) => {
    await signInAs(role, start());
    await goTo('/users');
    expect(address()).toBe(where);
  });
});
