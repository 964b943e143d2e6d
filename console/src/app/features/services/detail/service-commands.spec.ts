import { aCommand, aServiceDetail } from '../../../../testing/builders';
import { visit } from '../../../../testing/visit';
import { servicesRoutes } from '../services.routes';

const COMMANDS = '/api/admin/commands';

const open = async () => {
  const routes = [{ path: 'services', children: servicesRoutes }];
  const visited = await visit('/services/svc_1?tab=commands', routes, 'viewer');
  await visited.backend.answer('/api/admin/capsule-services/svc_1', aServiceDetail());
  return visited;
};

describe('The commands of a service', () => {
  it('asks for those of the service, the newest first', async () => {
    const { backend } = await open();
    expect(backend.request(COMMANDS).request.url).toBe(`${COMMANDS}?serviceId=svc_1&page=1&sort=-createdAt`);
  });

  it('tells of each how it went, how long it took and who wanted it, and leads to it', async () => {
    const { backend, screen } = await open();
    await backend.answerPage(COMMANDS, [
      aCommand({ status: 'FAILED', durationMs: 2_400, createdByUsername: 'kim' }),
      aCommand({ id: 'cmd_2', type: 'ACTION_PREPARE' }),
    ]);
    const [failed = [], prepare = []] = [1, 2].map((nth) => screen.texts(`tbody tr:nth-child(${nth}) td`));
    expect([failed[1], failed[3], failed[4]]).toEqual(['Failed', '2.4 sec', 'kim']);
    expect(prepare[0]).toContain('(prepare)');
    expect([prepare[1], prepare[3], prepare[4]]).toEqual(['Pending', '–', '–']);
    expect(screen.all('tbody .row-link').map((link) => link.getAttribute('href'))).toEqual([
      '/commands/cmd_1',
      '/commands/cmd_2',
    ]);
  });

  it('says so when there are none, and what failed', async () => {
    const { backend, screen } = await open();
    await backend.refuse(COMMANDS, 'DATABASE_UNAVAILABLE', { message: 'The database is away.' });
    expect(screen.one('[role=alert]').textContent).toContain('The database is away.');
    await screen.click('Try again');
    await backend.answerPage(COMMANDS, []);
    expect(screen.text).toContain('No commands yet');
    expect(screen.named('All its commands').getAttribute('href')).toBe('/commands?serviceId=svc_1');
  });
});
