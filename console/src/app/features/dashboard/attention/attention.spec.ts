import { TestBed } from '@angular/core/testing';
import type { DashboardOverview } from '#contracts';
import { aCommand, anOverview, aService, aToken, NOW } from '../../../../testing/builders';
import { screenOf, startConsole, type Screen } from '../../../../testing/console';
import { Attention } from './attention';

const { serviceCounts } = anOverview();

const draw = async (overrides: Partial<DashboardOverview>): Promise<Screen> => {
  startConsole();
  const fixture = TestBed.createComponent(Attention);
  fixture.componentRef.setInput('overview', anOverview(overrides));
  return screenOf(fixture);
};

const hrefs = (screen: Screen, selector: string) => screen.all(selector).map((link) => link.getAttribute('href'));

describe('Attention', () => {
  it('says that there is nothing, and how much is well', async () => {
    const screen = await draw({ serviceCounts: { ...serviceCounts, total: 7, HEALTHY: 7 } });
    expect(screen.text).toContain('All is well');
    expect(screen.text).toContain('Healthy services: 7.');
    expect(screen.all('li')).toEqual([]);
  });

  it('names services in trouble, the worst first, each with its reason and since when', async () => {
    const screen = await draw({
      serviceCounts: { ...serviceCounts, STALE: 1, OFFLINE: 1, UNHEALTHY: 1 },
      troubledServices: [
        aService({ id: 'svc_1', name: 'Slow', status: 'STALE', agentSilent: true }),
        aService({ id: 'svc_2', name: 'Gone', status: 'OFFLINE', agentStatus: 'DISABLED' }),
        aService({ id: 'svc_3', name: 'Ill', status: 'UNHEALTHY', healthStatus: 'DOWN', healthMessage: 'disk full' }),
      ],
    });
    expect(screen.texts('.what')).toEqual(['Ill', 'Gone', 'Slow']);
    expect(hrefs(screen, '.what')).toEqual(['/services/svc_3', '/services/svc_2', '/services/svc_1']);
    expect(screen.texts('.why')).toEqual([
      'It says that it is down: “disk full”',
      'Its agent Till 1 is disabled, so nothing is heard of it.',
      'Its agent Till 1 has not been heard of for too long.',
    ]);
    expect(screen.all('li time').map((time) => time.getAttribute('datetime'))).toEqual([NOW, NOW, NOW]);
    expect(screen.one('[role=status]').textContent).toBe('Things that need you: 3');
  });

  it('shows braces in what agents say, which mean nothing here', async () => {
    const screen = await draw({
      serviceCounts: { ...serviceCounts, UNHEALTHY: 1 },
      troubledServices: [aService({ status: 'UNHEALTHY', healthStatus: 'DOWN', healthMessage: '{{x}} {{disk}} full' })],
      failedCommands: {
        since: NOW,
        total: 1,
        newest: [aCommand({ status: 'FAILED', actionLabel: '{{x}}', serviceName: '{{y}}' })],
      },
    });
    expect(screen.texts('.why')[0]).toBe('It says that it is down: “{{x}} {{disk}} full”');
    expect(screen.texts('.what')[1]).toBe('{{x}} on {{y}}');
  });

  it('begins with a service that is ill, though many others come before it by name', async () => {
    const screen = await draw({
      serviceCounts: { ...serviceCounts, OFFLINE: 20, UNHEALTHY: 1 },
      troubledServices: Array.from({ length: 20 }, (_, i) =>
        aService({ id: `svc_${String(i)}`, status: 'OFFLINE', agentStatus: 'OFFLINE' }),
      ),
      services: [aService({ id: 'svc_ill', name: 'Zebra', status: 'UNHEALTHY', healthStatus: 'DOWN' })],
    });
    expect(screen.texts('.what')).toEqual(['Zebra', 'Till 1']);
    expect(screen.texts('.more')).toEqual(['All 21 services in trouble']);
  });

  it('names an agent once with which many services are in trouble', async () => {
    const gone = ['A', 'B', 'C', 'D'].map((name) =>
      aService({ id: `svc_${name}`, name, status: 'OFFLINE', agentStatus: 'OFFLINE' }),
    );
    const screen = await draw({ serviceCounts: { ...serviceCounts, OFFLINE: 4 }, troubledServices: gone });
    expect(screen.texts('.what')).toEqual(['Till 1']);
    expect(hrefs(screen, '.what')).toEqual(['/agents/agt_1']);
    expect(screen.texts('.why')).toEqual(['The agent is not heard of, so neither are its services: A, B, C, …']);
    expect(screen.all('.more')).toEqual([]);
  });

  it('leads to all of them when there are more than are named', async () => {
    const screen = await draw({
      serviceCounts: { ...serviceCounts, OFFLINE: 40, STALE: 2 },
      troubledServices: [aService({ status: 'OFFLINE' })],
    });
    expect(screen.texts('.more')).toEqual(['All 42 services in trouble']);
    expect(hrefs(screen, '.more')).toEqual(['/services?status=UNHEALTHY&status=OFFLINE&status=STALE']);
  });

  it('does not offer more when all are named', async () => {
    const screen = await draw({
      serviceCounts: { ...serviceCounts, OFFLINE: 1 },
      troubledServices: [aService({ status: 'OFFLINE' })],
    });
    expect(screen.all('.more')).toEqual([]);
  });

  it('names commands that failed, with the best reason there is', async () => {
    const newest = [
      aCommand({ id: 'cmd_1', status: 'FAILED', errorCode: 'X', errorMessage: 'no paper' }),
      aCommand({ id: 'cmd_2', status: 'EXPIRED', errorCode: 'COMMAND_OUTCOME_UNKNOWN' }),
      aCommand({ id: 'cmd_3', status: 'FAILED' }),
    ];
    const screen = await draw({ failedCommands: { since: NOW, total: 3, newest } });
    expect(hrefs(screen, '.what')).toEqual(['/commands/cmd_1', '/commands/cmd_2', '/commands/cmd_3']);
    expect(screen.one('.what').textContent).toContain('on Stock');
    expect(screen.texts('.why')).toEqual([
      'no paper',
      'The agent took it and did not answer in time. It may have run; check before you run it again.',
      'No reason was given.',
    ]);
    expect(screen.all('.more')).toEqual([]);
  });

  it('leads to all that failed in the same time when there are more than are named', async () => {
    const screen = await draw({ failedCommands: { since: NOW, total: 9, newest: [aCommand({ status: 'FAILED' })] } });
    expect(screen.texts('.more')).toEqual(['All 9 of them']);
    const [href = ''] = hrefs(screen, '.more');
    const { pathname, searchParams } = new URL(href ?? '', 'http://console');
    expect(pathname).toBe('/commands');
    expect(searchParams.getAll('status')).toEqual(['FAILED', 'EXPIRED']);
    expect(searchParams.get('type')).toBe('ACTION_EXECUTE');
    expect(searchParams.get('from')).toBe(NOW);
  });

  it('names tokens that are about to expire, by their beginning when they have no name', async () => {
    const screen = await draw({
      expiringTokens: [aToken({ agentCode: 'till-9' }), aToken({ id: 'tok_2', name: null })],
    });
    expect(screen.texts('.what')).toEqual(['Shop', 'opstage_reg_abcd…']);
    expect(screen.texts('.why')).toEqual([
      'Not used yet by agent till-9, and about to expire.',
      'Not used yet, and about to expire.',
    ]);
  });

  it('draws what agents say as text', async () => {
    const name = '<img src=x onerror=alert(1)>';
    const screen = await draw({ expiringTokens: [aToken({ name })] });
    expect(screen.all('img')).toEqual([]);
    expect(screen.texts('.what')).toEqual([name]);
  });
});
