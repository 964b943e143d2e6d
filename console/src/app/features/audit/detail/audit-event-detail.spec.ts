import { TestBed } from '@angular/core/testing';
import type { AuditEvent } from '#contracts';
import { anAuditEvent } from '../../../../testing/builders';
import { screenOf, startConsole, type Screen } from '../../../../testing/console';
import { AuditEventDetail } from './audit-event-detail';

const OWN_PAGE = "This event's own page";

const draw = async (overrides: Partial<AuditEvent> = {}): Promise<Screen> => {
  startConsole();
  const fixture = TestBed.createComponent(AuditEventDetail);
  fixture.componentRef.setInput('event', anAuditEvent(overrides));
  return screenOf(fixture);
};

const linksOf = (screen: Screen): readonly (readonly [string, string | null])[] =>
  screen.all('a').map((link) => [link.textContent.trim(), link.getAttribute('href')]);

describe('AuditEventDetail', () => {
  it('tells all that is known of the event', async () => {
    const screen = await draw();
    for (const fact of ['10.0.0.7', 'a browser', 'User kim requested action echo on service stock.'])
      expect(screen.texts('dd')).toContain(fact);
    for (const code of ['service.action.requested', 'usr_1', 'svc_1']) expect(screen.texts('dd code')).toContain(code);
  });

  it('leads on to all by this actor, all on this target, and the target', async () => {
    expect(linksOf(await draw())).toEqual([
      ['stock', '/services/svc_1'],
      [OWN_PAGE, '/audit/aud_1'],
      ['All by this actor', '/audit?actorId=usr_1'],
      ['All on this target', '/audit?targetId=svc_1'],
      ['Open the target', '/services/svc_1'],
    ]);
  });

  it('leads to the agent that did it', async () => {
    const screen = await draw({ actorType: 'AGENT', actorId: 'agt_1', actorName: 'till-1' });
    expect(linksOf(screen)).toContainEqual(['till-1', '/agents/agt_1']);
  });

  it.each(['User', 'Agent'] as const)('leads nowhere from a %s that is not known', async (targetType) => {
    const screen = await draw({
      actorId: null,
      actorName: null,
      targetType,
      targetId: null,
      action: 'session.login.failed',
      metadata: { username: 'mallory' },
    });
    expect(linksOf(screen)).toEqual([[OWN_PAGE, '/audit/aud_1']]);
    expect(screen.text).toContain('somebody unknown');
    expect(screen.text).toContain('mallory');
  });

  it('leads to no page of what has none', async () => {
    const screen = await draw({ targetType: 'User', targetId: 'usr_2' });
    expect(screen.names('a')).toEqual([OWN_PAGE, 'All by this actor', 'All on this target']);
  });

  it('has the raw JSON behind it, whole', async () => {
    const screen = await draw();
    const [metadata, raw] = screen.all('pre').map((one) => JSON.parse(one.textContent) as unknown);
    expect(metadata).toEqual(anAuditEvent().metadata);
    expect(raw).toEqual(anAuditEvent());
    expect(screen.one<HTMLDetailsElement>('details').open).toBe(false);
  });

  it('says nothing more where there is nothing more', async () => {
    const screen = await draw({ metadata: {} });
    expect(screen.all('h3')).toEqual([]);
    expect(screen.all('pre')).toHaveLength(1);
  });

  it('draws what agents and browsers send as text', async () => {
    const said = '<img src=x onerror=alert(1)>';
    const screen = await draw({ message: said, userAgent: said, actorName: said, metadata: { said } });
    expect(screen.all('img')).toEqual([]);
    expect(screen.texts('dd')).toContain(said);
  });
});
