import type { Role } from '#contracts';
import { address, visit } from '../../../testing/visit';
import { settingsRoutes } from './settings.routes';

const open = (role: Role, url = '/settings') => visit(url, [{ path: 'settings', children: settingsRoutes }], role);

describe('Settings', () => {
  it.each([
    ['viewer', ['Account', 'Appearance', 'Maintenance', 'About']],
    ['operator', ['Account', 'Appearance', 'Maintenance', 'Diagnostics', 'About']],
    ['owner', ['Account', 'Appearance', 'Maintenance', 'Diagnostics', 'Backup', 'Safety', 'About']],
  ] as const)('offers %s the tabs that are theirs', async (role, tabs) => {
    const { screen } = await open(role);
    expect(screen.names('nav a')).toEqual(tabs);
  });

  it('begins with the account', async () => {
    const { screen } = await open('viewer');
    expect(address()).toBe('/settings/account');
    expect(screen.one('nav [aria-current=page]').textContent.trim()).toBe('Account');
  });

  it('has an address for each tab', async () => {
    const { screen } = await open('viewer');
    await screen.click('Appearance');
    expect(address()).toBe('/settings/appearance');
    expect(screen.one('nav [aria-current=page]').textContent.trim()).toBe('Appearance');
  });

  it.each([
    ['viewer', 'diagnostics'],
    ['viewer', 'backup'],
    ['operator', 'backup'],
    ['operator', 'safety'],
  ] as const)('does not let %s into %s by its address', async (role, tab) => {
    const { backend, screen } = await open(role, `/settings/${tab}`);
    expect(address()).toBe('');
    expect(screen.text).toBe('');
    backend.expectNoMore();
  });
});
