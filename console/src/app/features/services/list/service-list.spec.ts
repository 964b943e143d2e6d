import { Location } from '@angular/common';
import { TestBed } from '@angular/core/testing';
import { aService } from '../../../../testing/builders';
import { goTo, signInAs, startConsole } from '../../../../testing/console';
import { servicesRoutes } from '../services.routes';

const SERVICES = '/api/admin/capsule-services';

const open = async (url = '/services') => {
  const backend = startConsole([{ path: 'services', children: servicesRoutes }]);
  await signInAs('viewer', backend);
  return { backend, screen: await goTo(url) };
};

describe('ServiceList', () => {
  it('draws each service with its status, version, agent and freshness', async () => {
    const { backend, screen } = await open();
    const lastReportedAt = new Date(Date.now() - 12_500).toISOString();
    await backend.answerPage(SERVICES, [aService({ lastReportedAt })]);
    const cells = screen.all('tbody td').map(({ textContent }) => textContent.replace(/\s+/g, ' ').trim());
    expect([cells[0], cells[1], cells[4], cells[5], cells[6]]).toEqual([
      'Stock stock',
      'Healthy',
      '2.0.0',
      'Till 1',
      '12 sec. ago',
    ]);
  });

  it('asks for the labels and the agent of a link, names both and takes out one at a time', async () => {
    const { backend, screen } = await open('/services?label=env:prod&agentId=agt_1');
    const { request } = await backend.answerPage(SERVICES, [aService()]);
    expect(request.urlWithParams).toBe(`${SERVICES}?page=1&sort=name&agentId=agt_1&label=env%3Aprod`);
    expect(screen.all('mat-chip').map(({ textContent }) => textContent.trim())).toEqual([
      'Agent: Till 1',
      'Label: env:prod',
    ]);
    await screen.click('Do not filter by env:prod');
    expect(TestBed.inject(Location).path()).toBe('/services?agentId=agt_1');
    await screen.click('Clear filters');
    expect(TestBed.inject(Location).path()).toBe('/services');
  });

  it('tells nothing at all from nothing that matches', async () => {
    const { backend, screen } = await open('/services?label=env:none');
    await backend.answerPage(SERVICES, []);
    expect(screen.text).toContain('Nothing matches the filters');
    await screen.click('Clear filters');
    await backend.answerPage(SERVICES, []);
    expect(screen.text).toContain('No services yet');
    expect(screen.names()).not.toContain('Clear filters');
  });
});
