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
import { texts as en } from '../../../i18n/en';
import { texts as zh } from '../../../i18n/zh';
import { screenOf, startConsole } from '../../../testing/console';
import { StatusBadge } from './status-badge';
import { KNOWN_STATUSES } from './status-looks';

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

  it('has a text in both languages for every status it knows', () => {
    expect(Object.keys(en.status).sort()).toEqual([...KNOWN_STATUSES].sort());
    expect(Object.keys(zh.status).sort()).toEqual([...KNOWN_STATUSES].sort());
  });

  it.each([
    ['in stock', 'In stock', 'good check'],
    ['Out-of-Stock', 'Out of stock', 'bad error'],
    ['ok', 'OK', 'good check'],
  ])('knows a service’s own %s however it is written', async (status, text, look) => {
    startConsole();
    const drawn = await draw(status);
    expect([drawn.screen.text, drawn.look]).toEqual([text, look]);
  });

  it('leaves a status it has never heard of in its own words, and draws it as unknown', async () => {
    startConsole();
    const drawn = await draw('Half baked');
    expect([drawn.screen.text, drawn.look]).toEqual(['Half baked', 'offline help']);
  });

  it('tells good from bad by more than the colour', async () => {
    startConsole();
    expect((await draw('HEALTHY')).look).toBe('good check');
    expect((await draw('UNHEALTHY')).look).toBe('bad error');
  });
});
