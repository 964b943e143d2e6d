import type { AuditVerification, Role } from '#contracts';
import { anAuditEvent, anAuditSummary } from '../../../../testing/builders';
import { visit } from '../../../../testing/visit';
import { auditRoutes } from '../audit.routes';

const EVENTS = '/api/admin/audit-events';
const VERIFY = `${EVENTS}/verify`;

const sound: AuditVerification = {
  valid: true,
  checkedEvents: 12_345,
  checkedSegments: 42,
  unsealedEvents: 2,
  removedByRetention: 7,
  root: 'abcdefghijklmnopqrstuvwxyz',
  firstBad: null,
};

const open = async (role: Role = 'operator') => {
  const visited = await visit('/audit', [{ path: 'audit', children: auditRoutes }], role);
  await visited.backend.answer(`${EVENTS}/summary`, anAuditSummary());
  await visited.backend.answerPage(EVENTS, [anAuditEvent()]);
  return visited;
};

describe('VerifyBadge', () => {
  it('has the audit verified when asked, and says with what outcome', async () => {
    const { backend, screen } = await open();
    backend.expectNone(VERIFY);
    await screen.click('Verify the audit');
    expect(screen.one('.outcome').textContent).toContain('The audit is being verified…');
    expect(screen.all('mat-progress-bar')).toHaveLength(1);
    await backend.answer(VERIFY, sound);
    const badge = screen.one('ops-verify-badge');
    expect(badge.textContent).toContain('Verified');
    expect(badge.textContent).toContain('12,345 events in 42 sealed segments');
    expect(badge.textContent).toContain('2 are too new to be sealed');
    expect(badge.textContent).toContain('7 were removed by retention');
    expect(screen.one('ops-verify-badge code').getAttribute('title')).toBe(sound.root);
    expect(screen.all('ops-verify-badge time')).toHaveLength(1);
  });

  it('names the first bad event, with a way to it', async () => {
    const { backend, screen } = await open();
    await screen.click('Verify the audit');
    const firstBad = {
      kind: 'changed',
      eventId: 'aud_9',
      segment: 3,
      message: 'Event aud_9 is not as sealed.',
    } as const;
    await backend.answer(VERIFY, { ...sound, valid: false, firstBad });
    expect(screen.one('ops-verify-badge').textContent).toContain('Not as it was sealed');
    expect(screen.one('ops-verify-badge').textContent).toContain('Event aud_9 is not as sealed.');
    expect(screen.named('The first bad event').getAttribute('href')).toBe('/audit/aud_9');
  });

  it('says why it could not be verified, and tries again', async () => {
    const { backend, screen } = await open();
    await screen.click('Verify the audit');
    await backend.refuse(VERIFY, 'DATABASE_UNAVAILABLE', { message: 'The database is away.' });
    expect(screen.one('ops-verify-badge').textContent).toContain('The database is away.');
    await screen.click('Verify the audit');
    await backend.answer(VERIFY, sound);
    expect(screen.one('ops-verify-badge').textContent).not.toContain('The database is away.');
  });

  it('tells a viewer who can', async () => {
    const { screen } = await open('viewer');
    expect(screen.one('ops-verify-badge').textContent).toContain('can be verified by an operator or an owner');
    expect(screen.all('ops-verify-badge button')).toEqual([]);
  });
});
