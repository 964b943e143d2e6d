import type { DashboardOverview } from '#contracts';
import { aReportedService } from '#testing';
import { GovernedService } from '../support/governed-service.js';
import { startTestApp } from '../support/start-test-app.js';

describe('the overview of the dashboard', () => {
  it('says what needs somebody: troubled services, failed commands, tokens about to expire', async () => {
    const app = await startTestApp({ config: { sessionTtlSeconds: 1_000_000 } });
    const healthy = await GovernedService.of(app);
    const troubled = await GovernedService.of(app, { health: { status: 'DOWN', message: 'no disk' } });
    const failed = await troubled.running();
    await troubled.agent.complete(failed.id, { success: false }).expectOk();
    const token = await healthy.operator.createToken({ expiresInSeconds: 600 });
    await healthy.operator.createToken({ expiresInSeconds: 86_400 });

    const read = () => healthy.operator.get('/api/admin/dashboard/overview').expectOk<DashboardOverview>();
    const overview = await read();
    expect(overview.serviceCounts).toMatchObject({ HEALTHY: 1, UNHEALTHY: 1, total: 2 });
    expect(overview.agentCounts).toMatchObject({ ONLINE: 2, total: 2 });
    expect(overview.troubledServices.map(({ id }) => id)).toEqual([troubled.service.id]);
    expect(overview.failedCommands).toMatchObject({ total: 1, newest: [{ id: failed.id, status: 'FAILED' }] });
    expect(overview.expiringTokens.map(({ id }) => id)).toEqual([token.id]);
    expect(overview.services).toHaveLength(2);

    app.clock.advance(86_401);
    expect((await read()).failedCommands).toMatchObject({ total: 0, newest: [] });
  });

  it('names who is unwell before who is silent, however many are', async () => {
    const app = await startTestApp();
    const silent = await app.enrolAgent();
    await silent.report(Array.from({ length: 25 }, (_, i) => aReportedService({ name: `A ${i}` }))).expectOk();
    app.clock.advance(100);
    const unwell = await GovernedService.of(app, { name: 'Z', health: { status: 'DOWN' } });
    const { troubledServices } = await unwell.operator
      .get('/api/admin/dashboard/overview')
      .expectOk<DashboardOverview>();
    expect(troubledServices).toHaveLength(20);
    expect(troubledServices[0]).toMatchObject({ id: unwell.service.id, status: 'UNHEALTHY' });
    expect(troubledServices[1]).toMatchObject({ agentId: silent.id, status: 'STALE' });
  });

  it('has all services for the wall, more than a page of a list', async () => {
    const app = await startTestApp();
    const agent = await app.enrolAgent();
    const reported = Array.from({ length: 150 }, (_, i) => aReportedService({ name: `Tile ${i}` }));
    await agent.report(reported).expectOk();
    const viewer = await app.signIn('viewer');
    const { services, serviceCounts } = await viewer.get('/api/admin/dashboard/overview').expectOk<DashboardOverview>();
    expect(new Set(services.map(({ name }) => name))).toEqual(new Set(reported.map(({ name }) => name)));
    expect(serviceCounts.total).toBe(150);
  });

  it('names no tokens to a viewer', async () => {
    const app = await startTestApp();
    await (await app.signIn('operator')).createToken({ expiresInSeconds: 600 });
    const viewer = await app.signIn('viewer');
    const overview = await viewer.get('/api/admin/dashboard/overview').expectOk<DashboardOverview>();
    expect(overview.expiringTokens).toEqual([]);
  });
});
