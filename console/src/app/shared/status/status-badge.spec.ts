import { TestBed } from '@angular/core/testing';
import { TranslocoService } from '@jsverse/transloco';
import {
  AgentStatus,
  AuditResult,
  CapsuleServiceStatus,
  CommandStatus,
  DangerLevel,
  HealthStatus,
  TokenStatus,
  UserStatus,
} from '#contracts';
import { screenOf, startConsole } from '../../../testing/console';
import { StatusBadge } from './status-badge';

const STATUSES = [
  ...new Set(
    [
      AgentStatus,
      AuditResult,
      CapsuleServiceStatus,
      CommandStatus,
      DangerLevel,
      HealthStatus,
      TokenStatus,
      UserStatus,
    ].flatMap((values) => Object.values(values)),
  ),
];

const draw = async (status: string) => {
  const fixture = TestBed.createComponent(StatusBadge);
  fixture.componentRef.setInput('status', status);
  const screen = await screenOf(fixture);
  return {
    screen,
    look: `${screen.root.className} ${screen.one('mat-icon').getAttribute('data-mat-icon-name') ?? ''}`,
  };
};

describe('StatusBadge', () => {
  it.each(STATUSES)('says %s by an icon and by a text in both languages', async (status) => {
    startConsole();
    const { screen, look } = await draw(status);
    const english = screen.text;
    expect(english).not.toContain('status.');
    expect(screen.one('svg')).toBeTruthy();
    if (status !== 'UNKNOWN') expect(look).not.toBe('offline help');
    TestBed.inject(TranslocoService).setActiveLang('zh');
    expect((await draw(status)).screen.text).toMatch(/^\p{Script=Han}+$/u);
  });

  it('draws a status it has never heard of as unknown', async () => {
    startConsole();
    expect((await draw('BRAND_NEW')).look).toBe('offline help');
  });

  it('tells good from bad by more than the colour', async () => {
    startConsole();
    expect((await draw('HEALTHY')).look).toBe('good check');
    expect((await draw('UNHEALTHY')).look).toBe('bad error');
  });
});
