import { TestBed } from '@angular/core/testing';
import { TranslocoService } from '@jsverse/transloco';
import { AUDIT_ACTIONS } from '#contracts';
import { settled } from '../../../../testing/backend';
import { overlay, screenOf, startConsole } from '../../../../testing/console';
import { AuditActionFilter } from './audit-action-filter';

const ALL = Object.values(AUDIT_ACTIONS).flat().length;

const open = async (without: readonly string[] = [], language = 'en') => {
  startConsole();
  TestBed.inject(TranslocoService).setActiveLang(language);
  const fixture = TestBed.createComponent(AuditActionFilter);
  fixture.componentRef.setInput('without', without);
  const chosen: string[] = [];
  fixture.componentInstance.chosen.subscribe((action) => chosen.push(action));
  const screen = await screenOf(fixture);
  document.body.append(screen.root);
  screen.one('input').focus();
  await settled();
  return { screen, chosen };
};

const options = (): readonly string[] => overlay().names('[role=option]');

describe('AuditActionFilter', () => {
  it('offers every action in words beside its code, but those that are chosen already', async () => {
    await open(['user.created']);
    expect(options()).toHaveLength(ALL - 1);
    expect(options().filter((option) => option.startsWith('audit.'))).toEqual([]);
    expect(options()).toContain('Refused sign-in session.login.failed');
    expect(options()).not.toContain('User created user.created');
  });

  it('finds actions by part of the words and by part of the code', async () => {
    const { screen } = await open();
    await screen.type('input', 'refused');
    expect(options()).toEqual([
      'Refused sign-in session.login.failed',
      'Registration refused registration.rejected',
      'Agent token refused agent_token.rejected',
      'Service report refused service.report.rejected',
    ]);
    await screen.type('input', 'LOGIN.');
    expect(options()).toEqual(['Sign-in session.login.succeeded', 'Refused sign-in session.login.failed']);
    await screen.type('input', 'nothing like it');
    expect(options()).toEqual(['No such action']);
  });

  it('finds them by Chinese words too', async () => {
    const { screen } = await open([], 'zh');
    await screen.type('input', '备份');
    expect(options()).toEqual([
      '下载备份 backup.sqlite.created',
      '创建定时备份 backup.scheduled.created',
      '从备份恢复 backup.restored',
    ]);
  });

  it('says which was chosen, and is ready for the next', async () => {
    const { screen, chosen } = await open();
    await screen.type('input', 'user cre');
    await overlay().click('User created user.created', '[role=option]');
    expect(chosen).toEqual(['user.created']);
    expect(screen.one<HTMLInputElement>('input').value).toBe('');
  });
});
