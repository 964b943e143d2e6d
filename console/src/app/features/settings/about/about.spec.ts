import { visit } from '../../../../testing/visit';
import { settingsRoutes } from '../settings.routes';

const VERSION = '/api/system/version';
const someVersion = { name: 'opstage-ce', version: '1.4.0', edition: 'ce', commit: 'abc1234', buildTime: '2026-05-04' };

const open = () => visit('/settings/about', [{ path: 'settings', children: settingsRoutes }], 'viewer');

describe('About', () => {
  it('is a skeleton until the version is there', async () => {
    const { backend, screen } = await open();
    expect(screen.all('ops-skeleton')).toHaveLength(1);
    await backend.answer(VERSION, someVersion);
    expect(screen.all('ops-skeleton')).toHaveLength(0);
  });

  it('says which version of what this is, and leads to the API', async () => {
    const { backend, screen } = await open();
    await backend.answer(VERSION, someVersion);
    const facts = screen.texts('dd');
    expect(facts.slice(0, 4)).toEqual(['1.4.0', 'Community edition', 'abc1234', '2026-05-04']);
    expect(screen.one('dd a').getAttribute('href')).toBe('/api/docs');
    expect(screen.one('dd a').getAttribute('rel')).toBe('noopener');
  });

  it('says so when the build does not know where it comes from', async () => {
    const { backend, screen } = await open();
    await backend.answer(VERSION, { ...someVersion, commit: null, buildTime: null });
    expect(screen.texts('dd').slice(2, 4)).toEqual(['–', '–']);
  });

  it('says what failed and tries again', async () => {
    const { backend, screen } = await open();
    await backend.cut(VERSION);
    expect(screen.one('[role=alert]').textContent).toContain('The server does not answer.');
    await screen.click('Try again');
    await backend.answer(VERSION, someVersion);
    expect(screen.text).toContain('1.4.0');
  });
});
