import { TestBed } from '@angular/core/testing';
import { aService } from '../../../../testing/builders';
import { screenOf, startConsole } from '../../../../testing/console';
import { ServiceWall } from './service-wall';

const services = [
  aService({ labels: { env: 'prod' } }),
  aService({ id: 'svc_2', name: 'Orders', labels: { env: 'dev' }, status: 'OFFLINE' }),
  aService({ id: 'svc_3', name: 'Mail' }),
];
const counts = { UNKNOWN: 0, HEALTHY: 2, UNHEALTHY: 0, STALE: 0, OFFLINE: 1, total: 3 };

const draw = async (inputs: Record<string, unknown> = {}) => {
  startConsole();
  const fixture = TestBed.createComponent(ServiceWall);
  for (const [name, value] of Object.entries({ services, counts, ...inputs })) {
    fixture.componentRef.setInput(name, value);
  }
  return screenOf(fixture);
};

describe('ServiceWall', () => {
  it('leads from a label to the list of the services with it', async () => {
    const screen = await draw();
    const links = screen.all('h3 a').map((link) => [link.textContent, link.getAttribute('href')]);
    expect(links).toEqual([
      ['dev', '/services?label=env:dev'],
      ['prod', '/services?label=env:prod'],
    ]);
    expect(screen.text).toContain('Without this label 1');
  });

  it('says how many are not on it, and leads to them', async () => {
    const screen = await draw({ counts: { ...counts, HEALTHY: 60, UNHEALTHY: 4, total: 65 }, isKiosk: true });
    expect(screen.one('.hidden').textContent).toContain('Shown: 3 of 65 services. The others:');
    expect(screen.names('.hidden a')).toEqual(['Unhealthy 4', 'Healthy 58']);
    expect(screen.one('.hidden a').getAttribute('href')).toBe('/services?status=UNHEALTHY');
  });

  it('says nothing of others when all are on it', async () => {
    expect((await draw()).all('.hidden')).toEqual([]);
  });
});
