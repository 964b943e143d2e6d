import { TestBed } from '@angular/core/testing';
import { settled } from '../../../../testing/backend';
import { anOverview, aService } from '../../../../testing/builders';
import { screenOf, startConsole } from '../../../../testing/console';
import { address, visit } from '../../../../testing/visit';
import { dashboardRoutes } from '../dashboard.routes';
import { ServiceWall } from './service-wall';

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
    // Long ones are cut.
    expect(screen.all('.tile .name').map(({ title }) => title)).toEqual(['Bakery', 'Stock', 'Lost']);
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
    const [select] = screen.all('ops-service-wall select') as HTMLSelectElement[];
    expect([...select!.labels].map((label) => label.textContent)).toEqual([expect.stringContaining('Group by')]);
    expect(select!.selectedOptions[0]!.textContent).toContain('team');
    select!.value = 'agent';
    select!.dispatchEvent(new Event('change'));
    await settled();
    expect(address()).toBe('?group=agent');
    expect(screen.texts('ops-service-wall h3')).toEqual(['Oven2', 'Till1']);
    expect(screen.all('ops-service-wall h3 a').map((link) => link.getAttribute('href'))).toEqual([
      '/agents/agt_2',
      '/agents/agt_1',
    ]);
  });

  it('leads from a label to the services that have it, and from none to nowhere', async () => {
    const { screen } = await open();
    const links = screen
      .all('ops-service-wall h3 a')
      .map((link) => decodeURIComponent(link.getAttribute('href') ?? ''));
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
});

const counts = { UNKNOWN: 0, HEALTHY: 2, UNHEALTHY: 0, STALE: 0, OFFLINE: 1, total: 3 };

const draw = async (inputs: Record<string, unknown> = {}) => {
  startConsole();
  const fixture = TestBed.createComponent(ServiceWall);
  for (const [name, value] of Object.entries({ services, counts, ...inputs })) {
    fixture.componentRef.setInput(name, value);
  }
  return screenOf(fixture);
};

const many = Array.from({ length: 50 }, (_, i) => aService({ id: `svc_${i}`, name: `Tile ${i}` }));
const troubled = aService({ id: 'svc_x', name: 'Zoo', status: 'UNHEALTHY' });

describe('ServiceWall of a part of the services', () => {
  it('says how many are not on it, and leads to them', async () => {
    const screen = await draw({ counts: { ...counts, HEALTHY: 60, UNHEALTHY: 4, total: 65 }, isKiosk: true });
    expect(screen.one('.hidden').textContent).toContain('Shown: 3 of 65 services. The others:');
    expect(screen.names('.hidden a')).toEqual(['Unhealthy 4', 'Healthy 58']);
    expect(screen.one('.hidden a').getAttribute('href')).toBe('/services?status=UNHEALTHY');
  });

  it('has, on a screen on a wall, what is in trouble first, and of many that are well only the icon to see', async () => {
    const screen = await draw({ services: [...many, troubled], isKiosk: true });
    expect(screen.texts('.tile .name')[0]).toBe('Zoo');
    const words = screen.all('.tile ops-status-badge span');
    expect(words.map(({ textContent }) => textContent)).toEqual(['Unhealthy', ...many.map(() => 'Healthy')]);
    expect(words.map((word) => word.classList.contains('visually-hidden'))).toEqual([false, ...many.map(() => true)]);
  });

  it('leaves everything in its place, in words, where somebody reads', async () => {
    const screen = await draw({ services: [...many, troubled] });
    expect(screen.all('.tile .visually-hidden')).toEqual([]);
    expect(screen.texts('.tile .name').at(-1)).toBe('Zoo');
  });

  it('says nothing of others when all are on it', async () => {
    expect((await draw()).all('.hidden')).toEqual([]);
  });
});
