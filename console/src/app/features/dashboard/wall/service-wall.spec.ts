import { anOverview, aService } from '../../../../testing/builders';
import { address, visit } from '../../../../testing/visit';
import { dashboardRoutes } from '../dashboard.routes';

const OVERVIEW = '/api/admin/dashboard/overview';

const services = [
  aService({ id: 'svc_1', name: 'Stock', agentName: 'Till', labels: { team: 'shop', zone: 'east' } }),
  aService({ id: 'svc_2', name: 'Bakery', agentId: 'agt_2', agentName: 'Oven', labels: { team: 'kitchen' } }),
  aService({ id: 'svc_3', name: 'Lost', agentId: 'agt_2', agentName: 'Oven', status: 'OFFLINE' }),
];

const open = async (url = '/', shown = services, total = shown.length) => {
  const visited = await visit(url, [{ path: '', pathMatch: 'full', children: dashboardRoutes }], 'viewer');
  const { serviceCounts } = anOverview();
  await visited.backend.answer(
    OVERVIEW,
    anOverview({ services: shown, serviceCounts: { ...serviceCounts, total, HEALTHY: total } }),
  );
  return visited;
};

describe('ServiceWall', () => {
  it('has a tile for each service, by the label most of them have, those without it last', async () => {
    const { screen } = await open();
    expect(screen.texts('ops-service-wall h3')).toEqual(['kitchen1', 'shop1', 'Without this label 1']);
    expect(screen.texts('.tile .name')).toEqual(['Bakery', 'Stock', 'Lost']);
    expect(screen.all('.tile').map((tile) => tile.getAttribute('href'))).toEqual([
      '/services/svc_2',
      '/services/svc_1',
      '/services/svc_3',
    ]);
  });

  it('says since when of those that are not well', async () => {
    const { screen } = await open();
    expect(screen.all('.tile').map((tile) => [tile.dataset.status, tile.querySelectorAll('time').length])).toEqual([
      ['HEALTHY', 0],
      ['HEALTHY', 0],
      ['OFFLINE', 1],
    ]);
  });

  it('groups by what is chosen, by the address', async () => {
    const { screen } = await open();
    await screen.choose('Group by', 'Agent');
    expect(address()).toBe('?group=agent');
    expect(screen.texts('ops-service-wall h3')).toEqual(['Oven2', 'Till1']);
    expect(screen.all('ops-service-wall h3 a').map((link) => link.getAttribute('href'))).toEqual([
      '/agents/agt_2',
      '/agents/agt_1',
    ]);
  });

  it('leads from a label to the services that have it, and from none to nowhere', async () => {
    const { screen } = await open();
    const links = screen.all('ops-service-wall h3 a').map((link) => decodeURIComponent(link.getAttribute('href') ?? ''));
    expect(links).toEqual(['/services?label=team:kitchen', '/services?label=team:shop']);
  });

  it.each([
    ['label:zone', ['east1', 'Without this label 2']],
    ['label:gone', ['kitchen1', 'shop1', 'Without this label 1']],
  ])('opens grouped by %s where there is such a label', async (group, headings) => {
    const { screen } = await open(`/?group=${group}`);
    expect(screen.texts('ops-service-wall h3')).toEqual(headings);
  });

  it('goes by agents where nothing has a label', async () => {
    const { screen } = await open('/', [aService({ agentName: 'Till' })]);
    expect(screen.texts('ops-service-wall h3')).toEqual(['Till1']);
  });

  it('says how many it leaves out, and leads to all', async () => {
    const { screen } = await open('/', services, 140);
    expect(screen.text).toContain('The first 3 of 140 services are shown.');
    expect(screen.one('.rest a').getAttribute('href')).toBe('/services');
  });
});
