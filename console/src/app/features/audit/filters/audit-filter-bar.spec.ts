import { settled } from '../../../../testing/backend';
import { anAuditEvent, anAuditSummary } from '../../../../testing/builders';
import { overlay, type Screen } from '../../../../testing/console';
import { address, visit } from '../../../../testing/visit';
import { auditRoutes } from '../audit.routes';

const EVENTS = '/api/admin/audit-events';

const open = async (url = '/audit') => {
  const visited = await visit(url, [{ path: 'audit', children: auditRoutes }], 'viewer');
  await visited.backend.answer(`${EVENTS}/summary`, anAuditSummary());
  await visited.backend.answerPage(EVENTS, [anAuditEvent()]);
  return visited;
};

const find = async (screen: Screen, text: string): Promise<void> => {
  screen.field('Action').focus();
  await screen.type('ops-audit-action-filter input', text);
};

const offered = (): readonly string[] => overlay().texts('mat-option code');

const query = (): URLSearchParams => new URL(address(), 'http://console').searchParams;

describe('AuditFilterBar', () => {
  it('finds an action by what it is called in words', async () => {
    const { screen } = await open();
    await find(screen, 'sign');
    expect(offered()).toContain('session.login.failed');
    expect(offered()).not.toContain('agent.revoked');
  });

  it('finds an action by its code, and puts it in the address', async () => {
    const { screen } = await open();
    await find(screen, 'AGENT.REVOKED');
    expect(offered()).toEqual(['agent.revoked']);
    overlay().one('mat-option').click();
    await settled();
    expect(query().getAll('action')).toEqual(['agent.revoked']);
    expect(screen.field('Action').value).toBe('');
  });

  it('adds an action to those that are chosen, and offers none of them again', async () => {
    const { screen } = await open('/audit?action=agent.revoked&page=2');
    await find(screen, 'agent.');
    expect(offered()).not.toContain('agent.revoked');
    expect(offered()).toContain('agent.disabled');
    await find(screen, 'agent.disabled');
    overlay().one('mat-option').click();
    await settled();
    expect(query().getAll('action')).toEqual(['agent.revoked', 'agent.disabled']);
    expect(query().has('page')).toBe(false);
  });

  it('says so when no action is called that', async () => {
    const { screen } = await open();
    await find(screen, 'no such thing');
    expect(offered()).toEqual([]);
    expect(overlay().all('mat-option')).toHaveLength(1);
  });

  it('takes one action out at a time', async () => {
    const { screen } = await open('/audit?action=agent.revoked&action=agent.disabled');
    expect(screen.all('mat-chip')).toHaveLength(2);
    screen.one('mat-chip [matChipRemove]').click();
    await settled();
    expect(query().getAll('action')).toEqual(['agent.disabled']);
  });

  it('names who and what a link came from, as far as an event says', async () => {
    const { screen } = await open('/audit?actorId=usr_1&targetId=agt_unknown');
    expect(screen.texts('mat-chip')[0]).toContain('kim');
    expect(screen.texts('mat-chip')[1]).toContain('agt_unknown');
    await screen.click('Do not filter by kim');
    expect(address()).toBe('/audit?targetId=agt_unknown');
  });

  it('filters by who did it, on what, and what came of it', async () => {
    const { backend, screen } = await open();
    await screen.choose('Actor', 'Agent');
    await backend.answerPage(EVENTS, [anAuditEvent()]);
    await screen.choose('Target', 'Command');
    await backend.answerPage(EVENTS, [anAuditEvent()]);
    await screen.choose('Result', 'Failure');
    expect(Object.fromEntries(query())).toEqual({ actorType: 'AGENT', targetType: 'Command', result: 'FAILURE' });
  });

  it('asks from when until when only where that is chosen', async () => {
    const { screen } = await open();
    expect(screen.all('input[type=datetime-local]')).toEqual([]);
    await screen.choose('Time', 'From – to');
    expect(query().get('range')).toBe('custom');
    const from = screen.field('From');
    from.value = '2026-05-01T08:30';
    from.dispatchEvent(new Event('change'));
    await settled();
    expect(query().get('from')).toBe(new Date('2026-05-01T08:30').toISOString());
    expect(screen.field('From').value).toContain('2026-05-01T08:30');
  });

  it('clears all at once', async () => {
    const { screen } = await open('/audit?action=agent.revoked&result=FAILURE&range=day&actorId=usr_1');
    await screen.click('Clear filters');
    expect(address()).toBe('/audit');
  });
});
