import { overlay } from '../../../../testing/console';
import { address, visit } from '../../../../testing/visit';
import { settingsRoutes } from '../settings.routes';

const SETTINGS = '/api/admin/settings/sign-in';

const open = (role: 'owner' | 'operator' = 'owner') =>
  visit('/settings/sign-in', [{ path: 'settings', children: settingsRoutes }], role);

const ticked = (boxes: readonly HTMLInputElement[]): readonly boolean[] => boxes.map(({ checked }) => checked);

describe('SignIn', () => {
  it('is a skeleton, and then the roles that need a passkey', async () => {
    const { backend, screen } = await open();
    expect(screen.all('ops-skeleton')).toHaveLength(1);
    await backend.answer(SETTINGS, { passkeyRequiredRoles: ['operator'] });
    expect(screen.texts('mat-checkbox')).toEqual(['Owner', 'Operator', 'Viewer']);
    expect(ticked(screen.all<HTMLInputElement>('input[type=checkbox]'))).toEqual([false, true, false]);
  });

  it('saves what is ticked', async () => {
    const { backend, screen } = await open();
    await backend.answer(SETTINGS, { passkeyRequiredRoles: ['operator'] });
    const [, operator, viewer] = screen.all<HTMLInputElement>('input[type=checkbox]');
    operator!.click();
    viewer!.click();
    await screen.click('Save');
    const { request } = await backend.answer(SETTINGS, { passkeyRequiredRoles: ['viewer'] }, 'PATCH');
    expect(request.body).toEqual({ passkeyRequiredRoles: ['viewer'] });
    expect(overlay().text).toContain('The settings are saved');
  });

  it('says that an owner needs a passkey first', async () => {
    const { backend, screen } = await open();
    await backend.answer(SETTINGS, { passkeyRequiredRoles: [] });
    screen.one('input[type=checkbox]').click();
    await screen.click('Save');
    await backend.refuse(SETTINGS, 'PASSKEY_REQUIRED', { method: 'PATCH' });
    expect(screen.one('[role=alert]').textContent).toContain('Register a passkey of your own first');
  });

  it('says what failed and tries again', async () => {
    const { backend, screen } = await open();
    await backend.refuse(SETTINGS, 'DATABASE_UNAVAILABLE', { message: 'The database is away.' });
    await screen.click('Try again');
    await backend.answer(SETTINGS, { passkeyRequiredRoles: [] });
    expect(screen.all('mat-checkbox')).toHaveLength(3);
  });

  it('is for owners', async () => {
    await open('operator');
    expect(address()).toBe('');
  });
});
