import type { Health, HealthStrip, ServiceHealth } from '#contracts';
import { aReportedService } from '#testing';
import { ServiceHealthLog } from '../../src/modules/agents/services/health/service-health-log.js';
import { GovernedService } from '../support/governed-service.js';
import { startTestApp, type TestApp } from '../support/start-test-app.js';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
  app.clock.stop();
});

const history = ({ operator, path }: GovernedService, query = ''): Promise<ServiceHealth> =>
  operator.get(`${path}/health${query}`).expectOk<ServiceHealth>();

const say = ({ agent }: GovernedService, health: Health): Promise<unknown> => agent.heartbeat({ health }).expectOk();

describe('The health history', () => {
  it('contains transitions, newest first, but no samples', async () => {
    const governed = await GovernedService.of(app, { health: { status: 'UP' } });
    for (const status of ['UP', 'UP', 'DOWN', 'DOWN', 'DEGRADED', 'UP', 'UP'] as const) {
      app.clock.advance(5);
      await say(governed, { status });
    }
    await governed.agent.reportService(aReportedService({ code: governed.service.code }));
    const { latest, history: transitions } = await history(governed);
    expect(transitions.map(({ status }) => status)).toEqual(['UP', 'DEGRADED', 'DOWN', 'UP']);
    expect(latest).toEqual(transitions[0]);
  });

  it('keeps one transition for a status, with its last message, and new details only for the present health', async () => {
    const governed = await GovernedService.of(app, { health: { status: 'DOWN', message: 'disk' } });
    await say(governed, { status: 'DOWN', message: 'network' });
    await say(governed, { status: 'DOWN', message: 'network', details: { lost: 3 } });
    const { latest, history: transitions } = await history(governed);
    expect(transitions.map(({ message }) => message)).toEqual(['network']);
    expect(latest).toMatchObject({ message: 'network', details: { lost: 3 } });
    expect((await governed.shown()).health).toEqual(latest);
    expect(await governed.events('service.health.changed')).toEqual([]);
  });

  it('includes `from` and excludes `to`', async () => {
    const governed = await GovernedService.of(app, { health: { status: 'UP' } });
    for (const status of ['DOWN', 'UP', 'DEGRADED'] as const) {
      app.clock.advance(10);
      await say(governed, { status });
    }
    const [degraded, up, down] = (await history(governed)).history;
    const statuses = async (query: string): Promise<string[]> =>
      (await history(governed, query)).history.map(({ status }) => status);
    expect(await statuses(`?from=${up!.reportedAt}`)).toEqual(['DEGRADED', 'UP']);
    expect(await statuses(`?to=${up!.reportedAt}`)).toEqual(['DOWN', 'UP']);
    expect(await statuses(`?from=${down!.reportedAt}&to=${degraded!.reportedAt}`)).toEqual(['UP', 'DOWN']);
    expect(await statuses(`?from=${down!.reportedAt}&to=${down!.reportedAt}`)).toEqual([]);
    expect((await history(governed, `?from=${up!.reportedAt}`)).atStart).toEqual(down);
    expect((await history(governed, `?to=${down!.reportedAt}`)).latest).toMatchObject({ status: 'DEGRADED' });
  });

  it.each([
    'from=2030-01-02&to=2030-01-01',
    'from=yesterday',
    'to=2030-13-01',
    'from=2030-01-01&from=2030-01-02',
    'since=1',
  ])('refuses %s', async (query) => {
    const { operator, path } = await GovernedService.of(app);
    await operator.get(`${path}/health?${query}`).expectError(422, 'VALIDATION_FAILED');
  });

  it('is empty for a service that never reported its health', async () => {
    const governed = await GovernedService.of(app, { health: undefined });
    expect(await history(governed)).toEqual({
      id: null,
      serviceId: governed.service.id,
      status: 'UNKNOWN',
      message: null,
      details: null,
      reportedAt: null,
      latest: null,
      history: [],
      atStart: null,
    });
  });

  it('begins with the first report, which is not audited as a change', async () => {
    const governed = await GovernedService.of(app, { health: undefined });
    expect(await governed.shown()).toMatchObject({ healthStatus: 'UNKNOWN', healthSince: null, health: null });
    await say(governed, { status: 'UNKNOWN' });
    await say(governed, { status: 'UNKNOWN' });
    const { healthSince, health } = await governed.shown();
    expect(health).toMatchObject({ status: 'UNKNOWN', reportedAt: healthSince });
    expect((await history(governed)).history).toEqual([health]);
    expect(await governed.events('service.health.changed')).toEqual([]);
  });

  it('ignores health in a heartbeat for services of other agents, or without a service', async () => {
    const [governed, other] = [await GovernedService.of(app), await GovernedService.of(app)];
    await governed.agent.heartbeat({ serviceId: other.service.id, health: { status: 'DOWN' } }).expectOk();
    const services = [{ code: other.service.code, health: { status: 'DOWN' as const } }];
    await governed.agent.heartbeat({ services }).expectOk();
    await governed.agent.reportService(aReportedService());
    await governed.agent.heartbeat({ health: { status: 'DOWN' } }).expectOk();
    expect((await other.shown()).healthStatus).toBe('UP');
    expect((await governed.shown()).healthStatus).toBe('UP');
  });
});

describe('A flapping service', () => {
  const flap = async (governed: GovernedService, changes: number, seconds: number): Promise<void> => {
    for (let i = 0; i < changes; i += 1) {
      app.clock.advance(seconds);
      await say(governed, { status: i % 2 === 0 ? 'DOWN' : 'UP', message: `change ${i}` });
    }
  };
  const catchUp = (): Promise<void> => app.nest.get(ServiceHealthLog, { strict: false }).catchUp();

  it('shows its present status, while its history has ten changes, then one in ten minutes with the sum of the others', async () => {
    const governed = await GovernedService.of(app, { health: { status: 'UP' } });
    await flap(governed, 20, 10);
    expect(await governed.shown()).toMatchObject({
      healthStatus: 'UP',
      health: { status: 'UP', message: 'change 19' },
    });
    expect((await history(governed)).history).toHaveLength(11);
    expect(await governed.events('service.health.changed')).toHaveLength(10);
    app.clock.advance(600);
    await say(governed, { status: 'DOWN', message: 'again' });
    const [newest, ...older] = (await history(governed)).history;
    expect(older).toHaveLength(11);
    expect(newest).toMatchObject({
      status: 'DOWN',
      message: 'again',
      leftOut: { changes: 10, upMs: 640_000, degradedMs: 0, downMs: 50_000 },
    });
    expect(older.filter(({ leftOut }) => leftOut)).toEqual([]);
  });

  it('has its present status in the history within ten minutes, also when it changes no more or the server stops', async () => {
    const governed = await GovernedService.of(app, { health: { status: 'UP' } });
    await flap(governed, 12, 1);
    await catchUp();
    expect((await history(governed)).history).toHaveLength(11);
    const { healthSince } = await governed.shown();
    app.clock.advance(600);
    await catchUp();
    const [newest, ...older] = (await history(governed)).history;
    expect(older).toHaveLength(11);
    expect(newest).toMatchObject({
      status: 'UP',
      message: 'change 11',
      reportedAt: healthSince,
      leftOut: { changes: 2, upMs: 0, downMs: 1_000 },
    });
  });

  it('is audited when it begins to flap, once an hour, and when it has settled', async () => {
    const governed = await GovernedService.of(app, { health: { status: 'UP' } });
    await flap(governed, 30, 1);
    await catchUp();
    expect(await governed.events('system.service.flapping')).toMatchObject([{ metadata: { status: 'DOWN' } }]);
    for (let minute = 0; minute < 61; minute += 1) {
      await flap(governed, 2, 30);
      await catchUp();
    }
    const [summary, ...others] = await governed.events('system.service.flapping');
    expect(others).toHaveLength(1);
    expect(summary).toMatchObject({ actorType: 'SYSTEM', metadata: { code: governed.service.code, status: 'UP' } });
    const { changes, recorded } = summary!.metadata as Record<string, number>;
    expect(changes).toBeGreaterThan(120);
    expect(recorded).toBeLessThanOrEqual(7);
    app.clock.advance(3_600);
    await catchUp();
    await catchUp();
    expect(await governed.events('system.service.settled')).toHaveLength(1);
    expect((await governed.events('service.health.changed')).length).toBeLessThanOrEqual(17);
  });
});

describe('A service that no longer reports', () => {
  it('is audited as stale once, and again after a new report', async () => {
    const governed = await GovernedService.of(app);
    const stale = () => governed.events('system.service.stale');
    const fallSilent = async (): Promise<void> => {
      for (let i = 0; i < 3; i += 1) {
        app.clock.advance(60);
        await governed.agent.heartbeat().expectOk();
        await app.runMaintenance();
      }
    };
    const { lastReportedAt } = await governed.shown();
    await fallSilent();
    await fallSilent();
    expect(await stale()).toMatchObject([
      {
        actorType: 'SYSTEM',
        targetType: 'CapsuleService',
        metadata: { code: governed.service.code, agentId: governed.agent.id, lastReportedAt },
      },
    ]);
    await governed.agent.reportService(aReportedService({ code: governed.service.code }));
    await fallSilent();
    expect(await stale()).toHaveLength(2);
  });

  it('is offline instead of stale when its agent is, and not stale when it is retired', async () => {
    const [offline, retired] = [await GovernedService.of(app), await GovernedService.of(app)];
    await retired.agent.report([], true).expectOk();
    app.clock.advance(130);
    await retired.agent.heartbeat().expectOk();
    await app.runMaintenance();
    expect(await offline.events('system.service.stale')).toEqual([]);
    expect(await retired.events('system.service.stale')).toEqual([]);
  });
});

const HALF_HOURS = 48;

describe('The health strips', () => {
  it('show the worst status of every half hour of a day, also for a newer service', async () => {
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
    const viewer = await app.signIn('viewer');
    await viewer.get('/api/admin/capsule-services/health-strips').expectError(422, 'VALIDATION_FAILED');
  });
});
