import { HttpClient } from '@angular/common/http';
import { TestBed } from '@angular/core/testing';
import { aSession } from '../../../testing/builders';
import { signInAs, startConsole } from '../../../testing/console';
import { CsrfToken } from './csrf-token';
import { Session } from './session';

const ME = '/api/admin/auth/me';

const start = () => {
  const backend = startConsole();
  return { backend, session: TestBed.inject(Session), csrf: TestBed.inject(CsrfToken) };
};

describe('Session', () => {
  it('does not know who is signed in until the server says so', () => {
    const { session } = start();
    expect(session.state()).toBe('loading');
    expect(session.user()).toBeNull();
    expect(session.allows('viewer')).toBe(false);
  });

  it('is that of the user the server names', async () => {
    const { backend, session, csrf } = start();
    await signInAs('operator', backend);
    expect(session.state()).toBe('signedIn');
    expect(session.user()?.username).toBe('kim');
    expect(csrf.value()).toBe('csrf-1');
  });

  it.each([
    ['viewer', [true, false, false]],
    ['operator', [true, true, false]],
    ['owner', [true, true, true]],
  ] as const)('allows %s what it and the roles below may', async (role, allowed) => {
    const { backend, session } = start();
    await signInAs(role, backend);
    expect((['viewer', 'operator', 'owner'] as const).map((needed) => session.allows(needed))).toEqual(allowed);
  });

  it('is nobody’s when the server says 401', async () => {
    const { backend, session } = start();
    const loading = session.load();
    await backend.refuse(ME, 'UNAUTHORIZED');
    await loading;
    expect(session.state()).toBe('signedOut');
    expect(session.isExpired()).toBe(false);
  });

  it('signs nobody out over a 503 or a lost network', async () => {
    const { backend, session } = start();
    const first = session.load();
    await backend.refuse(ME, 'DATABASE_UNAVAILABLE');
    await first;
    expect(session.state()).toBe('unavailable');
    const second = session.load();
    await backend.cut(ME);
    await second;
    expect(session.state()).toBe('unavailable');
  });

  it('expires under an open page without forgetting who it was, until that user signs in again', async () => {
    const { backend, session } = start();
    await signInAs('operator', backend);
    TestBed.inject(HttpClient)
      .get('/api/admin/agents')
      .subscribe({ error: () => undefined });
    await backend.refuse('/api/admin/agents', 'UNAUTHORIZED');
    expect(session.isExpired()).toBe(true);
    expect(session.state()).toBe('signedIn');
    expect(session.user()?.username).toBe('kim');

    const signingIn = session.signIn({ username: 'kim', password: 'a long password' });
    await backend.answer('/api/admin/auth/login', aSession('operator'), 'POST');
    await signingIn;
    expect(session.isExpired()).toBe(false);
  });

  it('ends with a sign-out', async () => {
    const { backend, session, csrf } = start();
    await signInAs('viewer', backend);
    const leaving = session.signOut();
    await backend.answer('/api/admin/auth/logout', { done: true }, 'POST');
    await leaving;
    expect(session.state()).toBe('signedOut');
    expect(session.user()).toBeNull();
    expect(csrf.value()).toBeNull();
    expect(session.isExpired()).toBe(false);
  });

  it('stays when the sign-out fails', async () => {
    const { backend, session } = start();
    await signInAs('viewer', backend);
    const leaving = session.signOut().catch((error: unknown) => error);
    await backend.cut('/api/admin/auth/logout', 'POST');
    expect(await leaving).toMatchObject({ code: 'OFFLINE' });
    expect(session.state()).toBe('signedIn');
  });
});
