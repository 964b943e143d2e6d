import { settled } from '../../../../testing/backend';
import type { Screen } from '../../../../testing/console';
import { visit } from '../../../../testing/visit';
import { settingsRoutes } from '../settings.routes';

const open = () => visit('/settings/appearance', [{ path: 'settings', children: settingsRoutes }], 'viewer');

const radio = (screen: Screen, value: string): HTMLInputElement =>
  screen.one<HTMLInputElement>(`input[type=radio][value=${value}]`);

const pick = async (screen: Screen, value: string): Promise<void> => {
  radio(screen, value).click();
  await settled();
};

describe('Appearance', () => {
  it('shows what holds now', async () => {
    const { screen } = await open();
    expect(screen.all<HTMLInputElement>('input:checked').map(({ value }) => value)).toEqual(['en', 'system']);
  });

  it('switches the language at once, and for the next visit', async () => {
    const { screen } = await open();
    await pick(screen, 'zh');
    expect(screen.one('h1').textContent).toBe('设置');
    expect(document.documentElement.lang).toBe('zh');
    expect(localStorage.getItem('opstage.language')).toBe('zh');
    await pick(screen, 'en');
    expect(screen.one('h1').textContent).toBe('Settings');
    expect(document.documentElement.lang).toBe('en');
  });

  it('switches the theme at once, and for the next visit', async () => {
    const { screen } = await open();
    await pick(screen, 'dark');
    expect(document.documentElement.dataset.theme).toBe('dark');
    expect(localStorage.getItem('opstage.theme')).toBe('dark');
    expect(radio(screen, 'dark').checked).toBe(true);
  });

  it('names each group of choices', async () => {
    const { screen } = await open();
    const names = screen.all('[role=radiogroup]').map((group) => {
      return screen.one(`#${group.getAttribute('aria-labelledby') ?? ''}`).textContent;
    });
    expect(names).toEqual(['Language', 'Theme']);
  });

  it('asks the server nothing', async () => {
    const { backend, screen } = await open();
    await pick(screen, 'light');
    backend.expectNoMore();
  });
});
