import type { User } from '#contracts';
import { aUser, NOW } from '../../../../testing/builders';
import { overlay } from '../../../../testing/console';
import { address, dialogClosed, visit } from '../../../../testing/visit';
import { usersRoutes } from '../users.routes';

const USERS = '/api/admin/users';

const open = (url = '/users') => visit(url, [{ path: 'users', children: usersRoutes }], 'owner');

/** With one user on it, whose menu is open. */
const openMenu = async (user: User) => {
  const visited = await open();
  await visited.backend.answerPage(USERS, [user]);
  await visited.screen.click(`Acts on ${user.username}`);
  return visited;
};

/** Chooses an act of the menu, and agrees to what it asks. */
const agree = async (act: string): Promise<void> => {
  await overlay().click(act, '[role=menuitem]');
  await overlay().click(act, '[role=dialog] button');
  await dialogClosed();
};

describe('UserList', () => {
  it('says who there is, what they may, and when they were last here', async () => {
    const { backend, screen } = await open();
    await backend.answerPage(USERS, [
      aUser({ passkeyCount: 2 }),
      aUser({ id: 'usr_3', username: 'sam', displayName: null, role: 'viewer', status: 'DISABLED', lastLoginAt: null }),
    ]);
    const [robin = [], sam = []] = [1, 2].map((nth) => screen.texts(`tbody tr:nth-child(${nth}) td`));
    expect(screen.texts('tbody tr:first-child .names > *')).toEqual(['robin', 'Robin R.']);
    expect(robin.slice(1, 4)).toEqual(['Operator', 'Active', '2']);
    expect(screen.one('tbody time').getAttribute('datetime')).toBe(NOW);
    expect(sam.slice(0, 5)).toEqual(['sam', 'Viewer', 'Disabled', 'none', 'never']);
  });

  it('marks the one who is looking', async () => {
    const { backend, screen } = await open();
    await backend.answerPage(USERS, [aUser({ id: 'usr_1', username: 'kim' }), aUser()]);
    expect(screen.texts('.self')).toEqual(['you']);
    expect(screen.one('tbody tr').textContent).toContain('you');
  });

  it('is a skeleton until they are there', async () => {
    const { backend, screen } = await open();
    expect(screen.all('ops-skeleton')).toHaveLength(1);
    await backend.answerPage(USERS, [aUser()]);
    expect(screen.all('ops-skeleton')).toHaveLength(0);
  });

  it('says what failed and tries again', async () => {
    const { backend, screen } = await open();
    await backend.refuse(USERS, 'DATABASE_UNAVAILABLE', { message: 'The database is away.' });
    expect(screen.one('[role=alert]').textContent).toContain('The database is away.');
    await screen.click('Try again');
    await backend.answerPage(USERS, [aUser()]);
    expect(screen.all('tbody tr')).toHaveLength(1);
  });

  it('asks for what the address says', async () => {
    const { backend } = await open('/users?q=ro&role=owner&role=operator&status=ACTIVE&sort=-lastLoginAt&page=2');
    const { request } = await backend.answerPage(USERS, [aUser()]);
    expect(request.url).toBe(`${USERS}?page=2&sort=-lastLoginAt&q=ro&role=owner&role=operator&status=ACTIVE`);
  });

  it('writes a filter that is chosen to the address, and takes it away again', async () => {
    const { backend, screen } = await open();
    await backend.answerPage(USERS, [aUser()]);
    await screen.choose('Role', 'Viewer');
    expect(address()).toBe('/users?role=viewer');
    const { request } = await backend.answerPage(USERS, []);
    expect(request.url).toBe(`${USERS}?page=1&sort=username&role=viewer`);
    expect(screen.text).toContain('Nothing matches the filters');
    await screen.click('Clear filters');
    expect(address()).toBe('/users');
  });

  it('leads to what a user did', async () => {
    await openMenu(aUser());
    expect(overlay().named('What they did').getAttribute('href')).toBe('/audit?actorId=usr_2');
  });

  it('disables a user once that is agreed to, says so and reads again', async () => {
    const { backend, screen } = await openMenu(aUser());
    await agree('Disable');
    const { request } = await backend.answer(`${USERS}/usr_2`, aUser({ status: 'DISABLED' }), 'PATCH');
    expect(request.body).toEqual({ status: 'DISABLED' });
    expect(overlay().text).toContain('robin is disabled');
    await backend.answerPage(USERS, [aUser({ status: 'DISABLED' })]);
    expect(screen.one('[data-status]').dataset.status).toBe('DISABLED');
  });

  it('says what disabling does before it does anything', async () => {
    const { backend } = await openMenu(aUser());
    await overlay().click('Disable', '[role=menuitem]');
    expect(overlay().one('[role=dialog]').textContent).toContain('robin is signed out everywhere at once');
    await overlay().click('Cancel', '[role=dialog] button');
    await dialogClosed();
    backend.expectNoMore();
  });

  it('enables one who is disabled', async () => {
    const { backend } = await openMenu(aUser({ status: 'DISABLED' }));
    await agree('Enable');
    const { request } = await backend.answer(`${USERS}/usr_2`, aUser(), 'PATCH');
    expect(request.body).toEqual({ status: 'ACTIVE' });
    expect(overlay().text).toContain('robin is enabled');
  });

  it('resets the passkeys of a user who has some, once that is agreed to', async () => {
    const { backend, screen } = await openMenu(aUser({ passkeyCount: 2 }));
    await overlay().click('Reset passkeys', '[role=menuitem]');
    expect(overlay().one('[role=dialog]').textContent).toContain('The password alone suffices for the next sign-in');
    await overlay().click('Reset passkeys', '[role=dialog] button');
    await dialogClosed();
    await backend.answer(`${USERS}/usr_2/passkeys/reset`, aUser(), 'POST');
    expect(overlay().text).toContain('The passkeys of robin are removed');
    await backend.answerPage(USERS, [aUser()]);
    expect(screen.text).toContain('none');
  });

  it.each([
    ['who has none', aUser()],
    ['who is looking: one’s own go with the password', aUser({ id: 'usr_1', username: 'kim', passkeyCount: 1 })],
  ])('offers no reset of passkeys for a user %s', async (_, user) => {
    await openMenu(user);
    expect(overlay().names('[role=menuitem]')).not.toContain('Reset passkeys');
  });

  it('says in its own words that the last owner has to stay', async () => {
    const { backend } = await openMenu(aUser({ role: 'owner' }));
    await agree('Disable');
    await backend.refuse(`${USERS}/usr_2`, 'LAST_OWNER_REQUIRED', { method: 'PATCH' });
    expect(overlay().text).toContain('At least one active owner must remain.');
  });

  it('says in the server’s words why an act failed otherwise', async () => {
    const { backend } = await openMenu(aUser());
    await agree('Disable');
    await backend.refuse(`${USERS}/usr_2`, 'USER_NOT_FOUND', { method: 'PATCH', message: 'There is no such user.' });
    expect(overlay().text).toContain('There is no such user. (req-1)');
  });
});
