import type { Role } from '#contracts';
import { anAuditEvent, anAuditSummary } from '../../../../testing/builders';
import { overlay, type Screen } from '../../../../testing/console';
import { address, refreshed, visit } from '../../../../testing/visit';
import { auditRoutes } from '../audit.routes';

const EVENTS = '/api/admin/audit-events';
const SENTENCE = 'kim ran echo on service stock';

const open = async (url = '/audit', role: Role = 'operator') => {
  const visited = await visit(url, [{ path: 'audit', children: auditRoutes }], role);
  await visited.backend.answer(`${EVENTS}/summary`, anAuditSummary());
  return visited;
};

const openRow = (screen: Screen): Promise<void> => screen.click(SENTENCE);

const searchOf = (url: string | null): URLSearchParams => new URL(url ?? '', 'http://console').searchParams;

describe('AuditList', () => {
  it('tells each event in a sentence, who did it, what came of it and from where', async () => {
    const { backend, screen } = await open();
    await backend.answerPage(EVENTS, [
      anAuditEvent(),
      anAuditEvent({ id: 'aud_2', action: 'maintenance.run', actorType: 'SYSTEM', result: 'FAILURE', ipAddress: null }),
    ]);
    const [first = [], second = []] = [1, 2].map((nth) => screen.texts(`tbody tr:nth-child(${nth}) td`));
    expect(first[0]).toBe(SENTENCE);
    expect([first[1], first[3], first[4]]).toEqual(['User kim', 'Success', '10.0.0.7']);
    expect([second[1], second[3], second[4]]).toEqual(['Server the server', 'Failure', '–']);
  });

  it('is a skeleton until they are there', async () => {
    const { backend, screen } = await open();
    expect(screen.all('ops-skeleton')).toHaveLength(1);
    await backend.answerPage(EVENTS, [anAuditEvent()]);
    expect(screen.all('ops-skeleton')).toEqual([]);
  });

  it('says what failed and tries again', async () => {
    const { backend, screen } = await open();
    await backend.refuse(EVENTS, 'DATABASE_UNAVAILABLE', { message: 'The database is away.' });
    expect(screen.one('[role=alert]').textContent).toContain('The database is away.');
    expect(screen.one('[role=alert]').textContent).toContain('req-1');
    await screen.click('Try again');
    await backend.answerPage(EVENTS, []);
    expect(screen.text).toContain('Nothing has happened yet');
  });

  it('asks for what the address says, and takes the filters away', async () => {
    const { backend, screen } = await open('/audit?action=agent.revoked&action=agent.disabled&result=FAILURE&page=2');
    const { request } = await backend.answerPage(EVENTS, []);
    const search = searchOf(request.url);
    expect(search.getAll('action')).toEqual(['agent.revoked', 'agent.disabled']);
    expect([search.get('result'), search.get('page'), search.get('sort')]).toEqual(['FAILURE', '2', '-createdAt']);
    expect(screen.text).toContain('Nothing matches the filters');
    await screen.click('Clear filters');
    expect(address()).toBe('/audit');
  });

  it('opens an event to all that is known of it, and closes it again', async () => {
    const { backend, screen } = await open();
    await backend.answerPage(EVENTS, [anAuditEvent()]);
    expect(screen.named(SENTENCE).getAttribute('aria-expanded')).toBe('false');
    await openRow(screen);
    expect(screen.named(SENTENCE).getAttribute('aria-expanded')).toBe('true');
    expect(screen.one('tr.detail').textContent).toContain('User kim requested action echo on service stock.');
    await openRow(screen);
    expect(screen.all('tr.detail')).toEqual([]);
  });

  it('does not move what is being read: new events wait while one is open', async () => {
    const { backend, screen } = await open();
    await backend.answerPage(EVENTS, [anAuditEvent()]);
    await openRow(screen);
    expect(screen.one('.held').textContent).toContain('New events wait while one is open.');
    await refreshed();
    backend.expectNoMore();
    await openRow(screen);
    await refreshed();
    backend.request(EVENTS);
  });

  it('does not read older pages again as time goes by', async () => {
    const { backend } = await open('/audit?page=2');
    await backend.answerPage(EVENTS, [anAuditEvent()], { page: 2, total: 40 });
    await refreshed();
    backend.expectNoMore();
  });

  it('moves the last hour on with the time, in one request each', async () => {
    const { backend } = await open('/audit?range=hour');
    const { request } = await backend.answerPage(EVENTS, [anAuditEvent()]);
    const age = (Date.now() - Date.parse(searchOf(request.url).get('from') ?? '')) / 60_000;
    expect(Math.round(age)).toBe(60);
    expect(searchOf(request.url).has('range')).toBe(false);
    await refreshed();
    const again = await backend.answerPage(EVENTS, [anAuditEvent()]);
    expect(searchOf(again.request.url).get('from')).not.toBe(searchOf(request.url).get('from'));
    backend.expectNoMore();
  });

  it('asks for exactly the time that was chosen', async () => {
    const from = '2026-05-01T00:00:00.000Z';
    const { backend } = await open(`/audit?range=custom&from=${encodeURIComponent(from)}`);
    const { request } = await backend.answerPage(EVENTS, []);
    expect(searchOf(request.url).get('from')).toBe(from);
    expect(searchOf(request.url).has('to')).toBe(false);
  });

  it('offers an operator an export of exactly what is filtered', async () => {
    const { backend, screen } = await open('/audit?action=agent.revoked&targetId=agt_1&page=2&sort=createdAt');
    await backend.answerPage(EVENTS, [], { page: 2 });
    await screen.click('Export');
    for (const [name, format] of [
      ['As CSV', 'csv'],
      ['As JSON', 'json'],
      ['As JSON Lines, with proof', 'jsonl'],
    ] as const) {
      const link = overlay().named(name);
      expect(link.getAttribute('href')?.split('?')[0]).toBe(`${EVENTS}/export`);
      const search = searchOf(link.getAttribute('href'));
      expect(Object.fromEntries(search)).toEqual({ action: 'agent.revoked', targetId: 'agt_1', format });
      expect(link.getAttribute('download')).toBe(`opstage-audit.${format}`);
    }
  });

  it('offers a viewer no export', async () => {
    const { backend, screen } = await open('/audit', 'viewer');
    await backend.answerPage(EVENTS, [anAuditEvent()]);
    expect(screen.names().filter((name) => name.startsWith('Export'))).toEqual([]);
  });
});
