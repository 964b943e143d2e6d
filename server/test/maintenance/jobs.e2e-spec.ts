import type { MaintenanceJobStatus } from '#contracts';
import { eventually } from '#testing';
import { Database } from '../../src/database/database.js';
import { LeasesStore } from '../../src/database/leases/leases.store.js';
import { AuditVerificationService } from '../../src/modules/audit/chain/audit-verification.service.js';
import { JobRunsStore } from '../../src/modules/maintenance/job-runs.store.js';
import { MAINTENANCE_LEASE, MaintenanceScheduler } from '../../src/modules/maintenance/maintenance-scheduler.js';
import { aNumber } from '../support/matchers.js';
import { aTestPlace, startTestApp, type TestApp } from '../support/start-test-app.js';

const INTERVAL_SECONDS = 60;
const HOUR_SECONDS = 3_600;
const SCHEDULED = { maintenanceIntervalSeconds: INTERVAL_SECONDS };

/** Jobs with an interval of their own. */
const NOT_EVERY_TIME: readonly string[] = ['backups', 'audit-verification'];

const jobsOf = async (app: TestApp): Promise<readonly MaintenanceJobStatus[]> =>
  (await app.signIn('viewer')).get('/api/admin/maintenance/jobs').expectOk<readonly MaintenanceJobStatus[]>();

const jobOf = async (app: TestApp, id: string): Promise<MaintenanceJobStatus | undefined> =>
  (await jobsOf(app)).find((job) => job.id === id);

const tick = ({ nest }: TestApp): Promise<void> => nest.get(MaintenanceScheduler, { strict: false }).tick();

const inSeconds = (app: TestApp, seconds: number): string => app.clock.secondsFromNow(seconds).toISOString();

/** The server also checks every second, and may have started a run already. */
const tickUntilAllRan = async (app: TestApp): Promise<void> => {
  await tick(app);
  const now = inSeconds(app, 0);
  await eventually('all have run', async () =>
    (await jobsOf(app)).every(
      ({ id, lastRunAt, running }) => NOT_EVERY_TIME.includes(id) || (lastRunAt === now && !running),
    ),
  );
};

/** A server with a stopped clock. */
const startStill = async (config: Parameters<typeof startTestApp>[0] = {}): Promise<TestApp> => {
  const place = config.beside ?? (await aTestPlace());
  place.clock.stop();
  return startTestApp({ ...config, beside: place });
};

describe('the list of maintenance jobs', () => {
  it('describes each job and when it is due, before the first run', async () => {
    const app = await startStill({ config: SCHEDULED });
    const jobs = await jobsOf(app);
    expect(jobs.length).toBeGreaterThanOrEqual(9);
    for (const { id, description, ...status } of jobs) {
      expect(id).toMatch(/^[a-z-]+$/);
      expect(description).toMatch(/^[A-Z].*\.$/);
      expect({ id, ...status }).toEqual({
        id,
        lastRunAt: null,
        lastResult: null,
        lastMessage: null,
        lastDurationMs: null,
        lastCount: null,
        nextRunAt: id === 'backups' ? null : inSeconds(app, INTERVAL_SECONDS),
        running: false,
      });
    }
  });

  it('shows the outcome of the last run, manual or scheduled', async () => {
    const app = await startStill({ config: SCHEDULED });
    await (await app.signIn('operator')).createToken({ expiresInSeconds: 60 });
    app.clock.advance(61);
    await tickUntilAllRan(app);
    expect(await jobOf(app, 'registration-tokens')).toMatchObject({
      lastRunAt: inSeconds(app, 0),
      lastResult: 'SUCCEEDED',
      lastMessage: null,
      lastDurationMs: aNumber(),
      lastCount: 1,
      nextRunAt: inSeconds(app, INTERVAL_SECONDS),
      running: false,
    });
    app.clock.advance(10);
    await app.runMaintenance();
    const again = { lastRunAt: inSeconds(app, 0), lastCount: 0, nextRunAt: inSeconds(app, INTERVAL_SECONDS) };
    expect(await jobOf(app, 'registration-tokens')).toMatchObject(again);
  });

  it('shows why one job failed, without SQL, and that the others succeeded', async () => {
    const app = await startStill();
    const rename = (from: string, to: string) =>
      app.nest.get(Database).transaction((tx) => tx.execute(`ALTER TABLE ${from} RENAME TO ${to}`));
    const operator = await app.signIn('operator');
    await rename('idempotency_keys', 'mislaid');
    await operator.post('/api/admin/maintenance/run').expectOk();
    await rename('mislaid', 'idempotency_keys');
    const failed = (await jobsOf(app)).filter(({ lastResult }) => lastResult === 'FAILED');
    expect(failed).toMatchObject([
      { id: 'idempotency-keys', lastMessage: expect.stringMatching(/^It failed/) as string },
    ]);
    expect(JSON.stringify(failed)).not.toMatch(/select|delete from|no such table|idempotency_keys/i);
  });

  it('shows that nothing is due while the schedule is off', async () => {
    const app = await startStill();
    expect(new Set((await jobsOf(app)).map(({ nextRunAt }) => nextRunAt))).toEqual(new Set([null]));
  });

  it('shows when the next backup is due, not when the schedule is next checked', async () => {
    const place = await aTestPlace('sqlite');
    const app = await startStill({ beside: place, config: { ...SCHEDULED, backupIntervalHours: 24 } });
    expect(await jobOf(app, 'backups')).toMatchObject({ nextRunAt: inSeconds(app, INTERVAL_SECONDS) });
    await app.runMaintenance();
    expect(await jobOf(app, 'backups')).toMatchObject({ lastCount: 1, nextRunAt: inSeconds(app, 24 * HOUR_SECONDS) });
  });

  it('distinguishes a running job from one whose server died', async () => {
    const app = await startStill({ config: SCHEDULED });
    const runs = app.nest.get(JobRunsStore, { strict: false });
    const lease = { name: MAINTENANCE_LEASE, notTakenSince: app.clock.now() };
    await app.nest.get(LeasesStore, { strict: false }).withLease(lease, async (holder) => {
      await runs.begin('audit', holder, app.clock.now());
      expect(await jobOf(app, 'audit')).toMatchObject({
        running: true,
        lastResult: null,
        lastRunAt: inSeconds(app, 0),
      });
    });
    const died = { running: false, lastResult: 'FAILED', lastMessage: 'The server stopped during the run.' };
    expect(await jobOf(app, 'audit')).toMatchObject(died);
    await app.runMaintenance();
    expect(await jobOf(app, 'audit')).toMatchObject({ running: false, lastResult: 'SUCCEEDED', lastMessage: null });
  });
});

describe('an overdue run', () => {
  it('happens once, at the first check, after the machine slept', async () => {
    const app = await startStill({ config: SCHEDULED });
    app.clock.advance(9 * HOUR_SECONDS);
    await tickUntilAllRan(app);
    const wokeAt = inSeconds(app, 0);
    app.clock.advance(INTERVAL_SECONDS - 1);
    await tick(app);
    expect((await jobOf(app, 'audit'))?.lastRunAt).toBe(wokeAt);
    app.clock.advance(1);
    await tickUntilAllRan(app);
  });

  it('does not wait for a verification of the audit that takes long', async () => {
    const app = await startStill({ config: SCHEDULED });
    const { promise: verified, resolve } =
      Promise.withResolvers<Awaited<ReturnType<AuditVerificationService['verify']>>>();
    const verification = app.nest.get(AuditVerificationService, { strict: false });
    jest.spyOn(verification, 'verify').mockReturnValue(verified);
    app.clock.advance(INTERVAL_SECONDS);
    await tickUntilAllRan(app);
    expect(await jobOf(app, 'audit-verification')).toMatchObject({ running: true });
    jest.restoreAllMocks();
    resolve(await verification.verify());
  });

  it('is not delayed by another interval after the server was down', async () => {
    const place = await aTestPlace();
    const config = { maintenanceIntervalSeconds: 24 * HOUR_SECONDS };
    const before = await startStill({ beside: place, config });
    await before.runMaintenance();
    await before.stop();
    place.clock.advance(24 * HOUR_SECONDS);
    const after = await startStill({ beside: place, config });
    await tickUntilAllRan(after);
  });
});
