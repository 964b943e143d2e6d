import type { HealthStrip } from '#contracts';
import { GovernedService } from '../support/governed-service.js';
import { startTestApp } from '../support/start-test-app.js';

const HALF_HOURS = 48;

describe('The health strips', () => {
  it('give the worst status of every half hour of a day, also for a service that is newer', async () => {
    const app = await startTestApp();
    const { agent, service } = await GovernedService.of(app);
    app.clock.advance(10_800);
    await agent.heartbeat({ services: [{ code: service.code, health: { status: 'DOWN' } }] }).expectOk();
    await agent.heartbeat({ services: [{ code: service.code, health: { status: 'UP' } }] }).expectOk();
    app.clock.advance(3_600);
    const operator = await app.signIn('operator');
    const path = `/api/admin/capsule-services/health-strips?serviceId=${service.id}&serviceId=svc_nothing`;
    const [strip, ...others] = await operator.get(path).expectOk<HealthStrip[]>();
    expect(others).toEqual([]);
    expect(strip).toMatchObject({ serviceId: service.id });
    const statuses = strip?.statuses ?? [];
    expect(statuses).toHaveLength(HALF_HOURS);
    expect(statuses.filter((status) => status === 'DOWN')).toHaveLength(1);
    expect(statuses.at(-1)).toBe('UP');
    expect(statuses[0]).toBeNull();
  });

  it('need at least one service', async () => {
    const app = await startTestApp();
    const viewer = await app.signIn('viewer');
    await viewer.get('/api/admin/capsule-services/health-strips').expectError(422, 'VALIDATION_FAILED');
  });
});
