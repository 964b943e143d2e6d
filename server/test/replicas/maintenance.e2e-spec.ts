import type { MaintenanceJobStatus, MaintenanceReport, SystemHealth } from '#contracts';
import { eventually } from '#testing';
import { Database } from '../../src/database/database.js';
import { LeasesStore } from '../../src/database/leases/leases.store.js';
import { JobRunner } from '../../src/modules/maintenance/job-runner.js';
import { MaintenanceScheduler } from '../../src/modules/maintenance/maintenance-scheduler.js';
import { GovernedService } from '../support/governed-service.js';
import { type Replicas, startReplicas } from '../support/replicas.js';
import type { TestApp } from '../support/start-test-app.js';

const INTERVAL_SECONDS = 60;
const RUN = '/api/admin/maintenance/run';

let replicas: Replicas;
beforeEach(async () => {
  replicas = await startReplicas();
  replicas.place.clock.stop();
});

const runnerOf = ({ nest }: TestApp): MaintenanceScheduler => nest.get(MaintenanceScheduler, { strict: false });

/** Counts the runs of both replicas by the calls of one job. */
const countRuns = ({ a, b }: Replicas): (() => number) => {
  const spies = [a, b].map(({ nest }) => jest.spyOn(nest.get(JobRunner, { strict: false }), 'run'));
  return () => spies.flatMap(({ mock }) => mock.calls).filter(([{ id }]) => id === 'agents').length;
};

/** A run of another replica that goes on until `end` is called. */
const occupy = async ({ nest }: TestApp) => {
  const { promise: isOver, resolve } = Promise.withResolvers<undefined>();
  const { promise: isHeld, resolve: holding } = Promise.withResolvers<undefined>();
  const lease = { name: 'maintenance', notTakenSince: replicas.place.clock.now() };
  const done = nest.get(LeasesStore, { strict: false }).withLease(lease, async () => {
    holding(undefined);
    await isOver;
  });
  await isHeld;
  return {
    end: async (): Promise<void> => {
      resolve(undefined);
      await done;
    },
  };
};

describe('the scheduled maintenance', () => {
  it('runs once in each interval, on whichever replica', async () => {
    const { a, b, place } = replicas;
    const owner = await a.signIn('owner');
    await owner.patch('/api/admin/settings/maintenance', { maintenanceIntervalSeconds: INTERVAL_SECONDS }).expectOk();
    const runs = countRuns(replicas);
    // Once b knows the interval, its own ticks have no further effect.
    await eventually('the other knows the interval', async () => {
      const settings = await owner.at(b.api).get('/api/admin/settings/maintenance').expectOk<object>();
      return 'maintenanceIntervalSeconds' in settings && settings.maintenanceIntervalSeconds === INTERVAL_SECONDS;
    });
    for (let interval = 1; interval <= 5; interval += 1) {
      place.clock.advance(INTERVAL_SECONDS);
      await Promise.all([runnerOf(a).tick(), runnerOf(b).tick()]);
      await Promise.all([runnerOf(a).tick(), runnerOf(b).tick()]);
      await eventually('it has run', () => runs() >= interval);
      expect(runs()).toBe(interval);
    }
  });
});

describe('maintenance on request', () => {
  it('does everything once when both replicas are asked at once', async () => {
    const { a, b, place } = replicas;
    const governed = await GovernedService.of(a);
    for (const text of ['one', 'two', 'three']) await governed.pending({ text });
    place.clock.advance(400);
    const operator = await a.signIn('operator');
    const reports = await Promise.all(
      [a, b].map(({ api }) => operator.at(api).post(RUN).expectOk<MaintenanceReport>()),
    );
    expect(reports.map(({ expiredCommands }) => expiredCommands).toSorted()).toEqual([0, 3]);
    expect(reports.map(({ offlineAgents }) => offlineAgents).toSorted()).toEqual([0, 1]);
    expect(await a.auditEvents('system.command.expired')).toHaveLength(3);
    expect(await a.auditEvents('system.agent.offline')).toHaveLength(1);
  });

  it('waits for the run of another replica to end, then runs', async () => {
    const runs = countRuns(replicas);
    const { end } = await occupy(replicas.b);
    const running = (await replicas.a.signIn('operator')).post(RUN).expectOk<MaintenanceReport>();
    await eventually(
      'it is asked for',
      async () => (await replicas.b.auditEvents('maintenance.triggered')).length === 1,
    );
    expect(runs()).toBe(0);
    await end();
    expect(await running).toMatchObject({ expiredCommands: 0 });
    expect(runs()).toBe(1);
  });

  it('is refused with a clear message when the other run does not end soon', async () => {
    const { end } = await occupy(replicas.b);
    const attempts = jest.spyOn(replicas.a.nest.get(LeasesStore, { strict: false }), 'withLease');
    const running = (await replicas.a.signIn('operator')).post(RUN).expectError(409, 'MAINTENANCE_RUNNING');
    await eventually('it waits for its turn', () => attempts.mock.calls.some(([{ name }]) => name === 'maintenance'));
    replicas.place.clock.advance(11);
    expect((await running).message).toBe('Another server is running the maintenance; try again in a minute.');
    await end();
  });

  it('takes over from a replica that died during its run', async () => {
    const { end } = await occupy(replicas.b);
    replicas.place.clock.advance(60);
    await (await replicas.a.signIn('operator')).post(RUN).expectOk();
    await end();
  });
});

describe('the report on the maintenance jobs', () => {
  it('is the same at every replica, whichever ran them, and so is the health', async () => {
    const { a, b } = replicas;
    const operator = await a.signIn('operator');
    const rename = (from: string, to: string) =>
      a.nest.get(Database).transaction((tx) => tx.execute(`ALTER TABLE ${from} RENAME TO ${to}`));
    await rename('idempotency_keys', 'mislaid');
    expect(await operator.post(RUN).expectOk<MaintenanceReport>()).toMatchObject({ failedJobs: ['idempotency-keys'] });
    await rename('mislaid', 'idempotency_keys');
    const jobsAt = ({ api }: TestApp) =>
      operator.at(api).get('/api/admin/maintenance/jobs').expectOk<readonly MaintenanceJobStatus[]>();
    expect(await jobsAt(b)).toEqual(await jobsAt(a));
    expect((await jobsAt(b)).filter(({ lastResult }) => lastResult === 'FAILED')).toMatchObject([
      { id: 'idempotency-keys' },
    ]);
    const health = await b.api.get('/health').expectOk<SystemHealth>();
    expect(health).toMatchObject({ status: 'DEGRADED', concerns: [{ code: 'SWEEP_FAILED' }] });
  });
});
