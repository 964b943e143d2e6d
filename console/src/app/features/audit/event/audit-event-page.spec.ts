import { anAuditEvent } from '../../../../testing/builders';
import { refreshed, visit } from '../../../../testing/visit';
import { auditRoutes } from '../audit.routes';

const EVENT = '/api/admin/audit-events/aud_1';

const open = () => visit('/audit/aud_1', [{ path: 'audit', children: auditRoutes }], 'viewer');

describe('AuditEventPage', () => {
  it('shows one event, and does not read it again', async () => {
    const { backend, screen } = await open();
    expect(screen.all('ops-skeleton')).toHaveLength(1);
    await backend.answer(EVENT, anAuditEvent());
    expect(screen.one('h1').textContent).toBe('kim ran echo on service stock');
    expect(screen.text).toContain('User kim requested action echo on service stock.');
    expect(screen.names()).not.toContain("This event's own page");
    await refreshed();
    backend.expectNoMore();
  });

  it('says so when there is no such event', async () => {
    const { backend, screen } = await open();
    await backend.refuse(EVENT, 'AUDIT_EVENT_NOT_FOUND');
    expect(screen.text).toContain('There is no such event (any more)');
    expect(screen.text).toContain('aud_1');
  });

  it('says what failed and tries again', async () => {
    const { backend, screen } = await open();
    await backend.refuse(EVENT, 'DATABASE_UNAVAILABLE', { message: 'The database is away.' });
    await screen.click('Try again');
    await backend.answer(EVENT, anAuditEvent());
    expect(screen.one('h1').textContent).toContain('kim');
  });
});
