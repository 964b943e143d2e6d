import { aSession } from '../../../../testing/builders';
import { overlay } from '../../../../testing/console';
import { address, visit } from '../../../../testing/visit';
import { settingsRoutes } from '../settings.routes';

const ME = '/api/admin/auth/me';
const LOGOUT = '/api/admin/auth/logout';

const open = () => visit('/settings/account', [{ path: 'settings', children: settingsRoutes }], 'viewer');

describe('Account', () => {
  it('is a skeleton until the session is there', async () => {
    const { backend, screen } = await open();
    expect(screen.all('ops-skeleton')).toHaveLength(2);
    await backend.answer(ME, aSession('viewer'));
    expect(screen.all('ops-skeleton')).toHaveLength(1);
  });

  it('says who one is, what one may do, and until when', async () => {
    const { backend, screen } = await open();
    await backend.answer(ME, aSession('viewer'));
    expect(screen.texts('dd').slice(0, 3)).toEqual(['kim', 'Kim', 'Viewer']);
    expect(screen.one('dd time').getAttribute('datetime')).toBe(aSession().expiresAt);
  });

  it('says what failed and tries again', async () => {
    const { backend, screen } = await open();
    await backend.refuse(ME, 'DATABASE_UNAVAILABLE', { message: 'The database is away.' });
    expect(screen.one('[role=alert]').textContent).toContain('The database is away.');
    await screen.click('Try again');
    await backend.answer(ME, aSession('viewer'));
    expect(screen.text).toContain('kim');
  });

  it('signs out, and leads to the sign-in', async () => {
    const { backend, screen } = await open();
    await backend.answer(ME, aSession('viewer'));
    await screen.click('Sign out');
    await backend.answer(LOGOUT, { done: true }, 'POST');
    expect(address()).toBe('/login');
  });

  it('stays when the sign-out fails, and says why', async () => {
    const { backend, screen } = await open();
    await backend.answer(ME, aSession('viewer'));
    await screen.click('Sign out');
    await backend.cut(LOGOUT, 'POST');
    expect(address()).toBe('/settings/account');
    expect(overlay().text).toContain('The server does not answer.');
  });
});
