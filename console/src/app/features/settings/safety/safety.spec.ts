import { TestBed } from '@angular/core/testing';
import type { SafetyFinding, SafetyReport } from '#contracts';
import { settled } from '../../../../testing/backend';
import { NOW } from '../../../../testing/builders';
import { visit } from '../../../../testing/visit';
import { Language } from '../../../core/i18n/i18n';
import { settingsRoutes } from '../settings.routes';

const SAFETY = '/api/admin/diagnostics/safety';

const aFinding = (overrides: Partial<SafetyFinding> = {}): SafetyFinding => ({
  id: 'backups',
  status: 'OK',
  situation: 'fresh',
  values: { hours: 3 },
  found: 'The server says that it is 3 hours old.',
  whyItMatters: 'The server says why.',
  whatToDo: null,
  ...overrides,
});

const aReport = (...findings: readonly SafetyFinding[]): SafetyReport => ({ checkedAt: NOW, findings });

const open = () => visit('/settings/safety', [{ path: 'settings', children: settingsRoutes }], 'owner');

describe('Safety', () => {
  it('shows the gravest first, each by icon and text', async () => {
    const { backend, screen } = await open();
    expect(screen.all('ops-skeleton')).toHaveLength(1);
    await backend.answer(
      SAFETY,
      aReport(
        aFinding(),
        aFinding({ id: 'https', status: 'NOTICE', situation: 'unseen' }),
        aFinding({ id: 'exposure', status: 'CRITICAL', situation: 'open', values: { host: '0.0.0.0' } }),
        aFinding({ id: 'migrations', status: 'UNKNOWN', situation: 'unreadable' }),
        aFinding({ id: 'secret-age', status: 'WARNING', situation: 'old', values: { days: 400 } }),
      ),
    );
    expect(screen.texts('article ops-status-badge span')).toEqual(['Critical', 'Warning', 'Unknown', 'Notice', 'OK']);
    expect(screen.all('article ops-status-badge mat-icon')).toHaveLength(5);
    expect(screen.text).toContain('Findings that need somebody: 2');
    expect(screen.text).toContain('It listens on 0.0.0.0 and knows of no HTTPS');
    expect(screen.text).toContain('This could not be found out.');
  });

  it('says what was found, what to do and why, with what was found filled in, in both languages', async () => {
    const { backend, screen } = await open();
    const old = aFinding({ status: 'CRITICAL', situation: 'old', values: { hours: 30 }, whatToDo: 'Do it.' });
    await backend.answer(SAFETY, aReport(old));
    const article = screen.one('article');
    expect(article.textContent).toContain('The newest proven backup is 30 hours old.');
    expect(article.textContent).toContain('What to do: opstage backup makes one; see in the log');
    expect(article.querySelector('code')?.textContent).toBe('opstage backup');
    expect(article.textContent).toContain('What came after the last backup is lost with the disk.');
    TestBed.inject(Language).choose('zh');
    await settled();
    expect(screen.one('article').textContent).toContain('最新的已验证备份距今30小时。');
  });

  it.each([
    ['en', 0, 'The session secret has been in use for less than a day.'],
    ['en', 1, 'The session secret has been in use for 1 day.'],
    ['en', 12, 'The session secret has been in use for 12 days.'],
    ['zh', 0, '会话密钥已使用不到一天。'],
    ['zh', 12, '会话密钥已使用12天。'],
  ] as const)('says a time as people do, in %s of %s days', async (language, days, text) => {
    const { backend, screen } = await open();
    await backend.answer(SAFETY, aReport(aFinding({ id: 'secret-age', situation: 'young', values: { days } })));
    TestBed.inject(Language).choose(language);
    await settled();
    expect(screen.one('article').textContent).toContain(text);
  });

  it('says what it has no words for in those of the server', async () => {
    const { backend, screen } = await open();
    const found = { found: 'Something new was found.', whatToDo: 'Do something new.' };
    await backend.answer(SAFETY, aReport(aFinding({ status: 'WARNING', situation: 'brand-new', ...found })));
    expect(screen.one('article').textContent).toContain('Something new was found.');
    expect(screen.one('article').textContent).toContain('Do something new.');
  });

  it('leads to what it is about', async () => {
    const { backend, screen } = await open();
    const details = [
      { targetType: 'Agent', targetId: 'agt_1', name: 'Till 1' },
      { targetType: 'User', targetId: 'usr_1', name: 'kim' },
      { targetType: 'Workspace', targetId: 'x', name: 'all of it' },
    ] as const;
    await backend.answer(SAFETY, aReport(aFinding({ status: 'WARNING', details })));
    expect(screen.all<HTMLAnchorElement>('article a').map((link) => link.getAttribute('href'))).toEqual([
      '/agents/agt_1',
      '/users',
    ]);
    expect(screen.one('article ul').textContent).toContain('all of it');
  });

  it('says so when nothing needs anybody', async () => {
    const { backend, screen } = await open();
    await backend.answer(SAFETY, aReport(aFinding()));
    expect(screen.text).toContain('Nothing that was looked at needs anybody.');
    expect(screen.one('article').textContent).not.toContain('What to do');
  });

  it('says what failed and tries again', async () => {
    const { backend, screen } = await open();
    await backend.refuse(SAFETY, 'DATABASE_UNAVAILABLE', { message: 'The database is away.' });
    expect(screen.one('[role=alert]').textContent).toContain('The database is away.');
    await screen.click('Try again');
    await backend.answer(SAFETY, aReport(aFinding()));
    expect(screen.all('article')).toHaveLength(1);
  });
});
