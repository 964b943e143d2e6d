import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import type { BackupOverview, MaintenanceJobStatus, MaintenanceReport } from '#contracts';
import { eventually, TestOperator } from '#testing';
import { Database } from '../../src/database/database.js';
import { MaintenanceScheduler } from '../../src/modules/maintenance/maintenance-scheduler.js';
import { aStartedPlace, OWNER, startTestApp, type TestApp, type TestPlace } from '../support/start-test-app.js';

const HOUR = 3_600;

const start = async (place?: TestPlace, config = {}): Promise<TestApp> =>
  startTestApp({
    beside: place ?? (await aStartedPlace('sqlite')),
    config: { backupIntervalHours: 24, backupKeep: 2, ...config },
  });

/** Signs in again, because the hours that pass end a session. */
const owner = (app: TestApp): Promise<TestOperator> => TestOperator.signIn(app.api, OWNER.username, OWNER.password);

const overview = async (app: TestApp): Promise<BackupOverview> =>
  (await owner(app)).get('/api/admin/backups').expectOk<BackupOverview>();

const backupsOf = ({ folder }: TestPlace): string[] =>
  readdirSync(join(folder, 'backups')).filter((name) => name.endsWith('.db'));

const filesOf = ({ folder }: TestPlace): string[] => readdirSync(join(folder, 'backups'));

const backUp = async (app: TestApp): Promise<number> =>
  (await (await owner(app)).post('/api/admin/maintenance/run').expectOk<MaintenanceReport>()).madeBackups;

describe('a scheduled backup', () => {
  it('is made with the first maintenance run, verified and audited', async () => {
    const app = await start();
    expect(await backUp(app)).toBe(1);
    const { schedule, lastProven } = await overview(app);
    expect(schedule).toEqual({ intervalHours: 24, keep: 2 });
    expect(lastProven).toMatchObject({ origin: 'schedule', kept: true, proof: { proven: true, fault: null } });
    const file = join(app.folder, 'backups', lastProven!.fileName);
    const copy = new BetterSqlite3(file, { readonly: true });
    const counted = copy.prepare('SELECT COUNT(*) FROM audit_events').pluck().get();
    expect(lastProven?.proof.rowCounts.audit_events).toBe(counted);
    copy.close();
    const [event] = await app.auditEvents('backup.scheduled.created');
    expect(event).toMatchObject({
      actorType: 'SYSTEM',
      result: 'SUCCESS',
      targetId: lastProven?.fileName,
      metadata: { sizeBytes: lastProven?.sizeBytes },
    });
  });

  it('is made once per interval, counted across restarts', async () => {
    const place = await aStartedPlace('sqlite');
    const first = await start(place);
    expect(await backUp(first)).toBe(1);
    place.clock.advance(12 * HOUR);
    expect(await backUp(first)).toBe(0);
    await first.stop();
    const second = await start(place);
    place.clock.advance(12 * HOUR - 60);
    expect(await backUp(second)).toBe(0);
    place.clock.advance(61);
    expect(await backUp(second)).toBe(1);
  });

  it('replaces the oldest scheduled backup, and deletes no other file', async () => {
    const place = await aStartedPlace('sqlite');
    const theirs = ['opstage-2026-01-01T00-00-00-000Z.db', 'before-migration-1.db', 'notes.db'];
    mkdirSync(join(place.folder, 'backups'));
    for (const name of theirs) writeFileSync(join(place.folder, 'backups', name), 'theirs');
    const made: string[] = [];
    for (let day = 0; day < 4; day += 1) {
      const app = await start(place);
      expect(await backUp(app)).toBe(1);
      made.push((await overview(app)).lastProven!.fileName);
      await app.stop();
      place.clock.advance(25 * HOUR);
    }
    expect(backupsOf(place).sort()).toEqual([...theirs, ...made.slice(2)].sort());
    expect((await overview(await start(place))).backups.map(({ kept }) => kept)).toEqual([true, true, false, false]);
  });

  it('that fails is tried again within the hour, while the other jobs run', async () => {
    const app = await start();
    writeFileSync(join(app.folder, 'backups'), 'in the way');
    const report = await (await owner(app)).post('/api/admin/maintenance/run').expectOk<MaintenanceReport>();
    expect(report).toMatchObject({ madeBackups: 0, failedJobs: ['backups'] });
    rmSync(join(app.folder, 'backups'));
    expect(await backUp(app)).toBe(0);
    app.clock.advance(HOUR);
    expect(await backUp(app)).toBe(1);
  });

  it('is given up when the server stops, and made by the next start', async () => {
    const place = await aStartedPlace('sqlite');
    const app = await start(place);
    await app.nest.get(Database).transaction(async (tx) => {
      await tx.execute('CREATE TABLE ballast (content BLOB)');
      for (let i = 0; i < 25; i += 1) await tx.execute('INSERT INTO ballast VALUES (zeroblob(2000000))');
    });
    const running = app.nest.get(MaintenanceScheduler, { strict: false }).run();
    await eventually(
      'the backup has begun',
      () => existsSync(join(app.folder, 'backups')) && filesOf(place).length > 0,
    );
    await app.stop();
    expect(filesOf(place)).toEqual([]);
    await running.catch(() => undefined);
    const next = await start(place);
    const jobs = await (await owner(next)).get('/api/admin/maintenance/jobs').expectOk<MaintenanceJobStatus[]>();
    const interrupted = { lastResult: 'FAILED', lastMessage: 'The server stopped during the run.', running: false };
    expect(jobs.find(({ id }) => id === 'backups')).toMatchObject(interrupted);
    expect(await backUp(next)).toBe(1);
  });

  it('is not made when it is switched off', async () => {
    const app = await start(undefined, { backupIntervalHours: 0 });
    expect(await backUp(app)).toBe(0);
    expect(await overview(app)).toEqual({ schedule: null, lastProven: null, backups: [] });
  });

  it('is not made on PostgreSQL, which has its own tools', async () => {
    const app = await start(await aStartedPlace('postgres'));
    expect(await backUp(app)).toBe(0);
    expect((await overview(app)).schedule).toBeNull();
  });

  it('is shown to owners only', async () => {
    const app = await start();
    await (await app.signIn('operator')).get('/api/admin/backups').expectError(403, 'FORBIDDEN');
  });
});
