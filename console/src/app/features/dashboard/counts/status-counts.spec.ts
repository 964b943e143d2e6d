import { TestBed } from '@angular/core/testing';
import { anOverview } from '../../../../testing/builders';
import { screenOf, startConsole } from '../../../../testing/console';
import { StatusCounts } from './status-counts';

const draw = async (kind: 'agents' | 'services', statuses: readonly string[], counts: object) => {
  startConsole();
  const fixture = TestBed.createComponent(StatusCounts);
  fixture.componentRef.setInput('kind', kind);
  fixture.componentRef.setInput('statuses', statuses);
  fixture.componentRef.setInput('counts', counts);
  return screenOf(fixture);
};

const { agentCounts, serviceCounts } = anOverview();

describe('StatusCounts', () => {
  it('counts what there is in the order given, each a link to just those', async () => {
    const counts = { ...serviceCounts, total: 9, HEALTHY: 6, OFFLINE: 2, UNHEALTHY: 1 };
    const screen = await draw('services', ['UNHEALTHY', 'OFFLINE', 'STALE', 'HEALTHY'], counts);
    expect(screen.texts('a')).toEqual(['Services 9', 'Unhealthy 1', 'Offline 2', 'Healthy 6']);
    expect(screen.all('a').map((link) => link.getAttribute('href'))).toEqual([
      '/services',
      '/services?status=UNHEALTHY',
      '/services?status=OFFLINE',
      '/services?status=HEALTHY',
    ]);
  });

  it('leads to the agents when it counts agents', async () => {
    const screen = await draw('agents', ['ONLINE'], agentCounts);
    expect(screen.one('nav').getAttribute('aria-label')).toBe('Agents by status');
    expect(screen.all('a').map((link) => link.getAttribute('href'))).toEqual(['/agents', '/agents?status=ONLINE']);
  });

  it('leaves only the total when there are none', async () => {
    const screen = await draw('services', ['HEALTHY', 'OFFLINE'], { ...serviceCounts, total: 0, HEALTHY: 0 });
    expect(screen.texts('a')).toEqual(['Services 0']);
  });
});
