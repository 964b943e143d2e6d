import { anAuditEvent, aServiceDetail } from '../../../../testing/builders';
import { visit } from '../../../../testing/visit';
import { servicesRoutes } from '../services.routes';

const EVENTS = '/api/admin/audit-events';

const open = async () => {
  const routes = [{ path: 'services', children: servicesRoutes }];
  const visited = await visit('/services/svc_1?tab=audit', routes, 'viewer');
  await visited.backend.answer('/api/admin/capsule-services/svc_1', aServiceDetail());
  return visited;
};

describe('The audit of a service', () => {
  it('asks for what was done to the service, the newest first', async () => {
    const { backend } = await open();
    expect(backend.request(EVENTS).request.url).toBe(`${EVENTS}?targetId=svc_1&page=1&sort=-createdAt`);
  });

  it('tells each event in a sentence, and leads to the likes of it', async () => {
    const { backend, screen } = await open();
    await backend.answerPage(EVENTS, [anAuditEvent()]);
    expect(screen.texts('.message')).toEqual(['kim ran echo on service stock']);
    const { pathname, searchParams } = new URL(screen.one('tbody a').getAttribute('href') ?? '', 'http://x');
    expect(pathname).toBe('/audit');
    expect(Object.fromEntries(searchParams)).toEqual({ targetId: 'svc_1', action: 'service.action.requested' });
  });

  it('leads from an agent that did it to that agent', async () => {
    const { backend, screen } = await open();
    const event = anAuditEvent({ actorType: 'AGENT', actorId: 'agt_1', actorName: 'Till 1', action: 'service.moved' });
    await backend.answerPage(EVENTS, [event]);
    expect(screen.all('tbody a').map((link) => link.getAttribute('href'))).toContain('/agents/agt_1');
  });

  it('says so when there are none, and what failed', async () => {
    const { backend, screen } = await open();
    await backend.refuse(EVENTS, 'DATABASE_UNAVAILABLE', { message: 'The database is away.' });
    expect(screen.one('[role=alert]').textContent).toContain('The database is away.');
    await screen.click('Try again');
    await backend.answerPage(EVENTS, []);
    expect(screen.text).toContain('No events yet');
    expect(screen.named('All of it in the audit').getAttribute('href')).toBe('/audit?targetId=svc_1');
  });
});
