import type { AgentSummary, Command, MaintenanceReport, RegistrationToken, SystemHealth } from '#contracts';
import { aReportedService, eventually, TestOperator } from '#testing';
import { BackupFolder } from '../../src/modules/backups/backup-folder.js';
import { manyAuditRecords, writeAudit } from '../support/audit-seeds.js';
import { aStartedPlace, OWNER, startTestApp, type TestApp } from '../support/start-test-app.js';

const DAY = 86_400;
const RETENTION = { auditRetentionDays: 30, commandRetentionDays: 30, healthRetentionDays: 30 };

const concerns = async (app: TestApp): Promise<string[]> =>
  ((await app.api.get('/health').expectOk<SystemHealth>()).concerns ?? []).map(({ code }) => code);

const sweep = async (app: TestApp): Promise<MaintenanceReport> =>
  (await TestOperator.signIn(app.api, OWNER.username, OWNER.password))
    .post('/api/admin/maintenance/run')
    .expectOk<MaintenanceReport>();

describe('After a server whose clock was ahead', () => {
  it('what it stored is due after its own interval from now', async () => {
    const place = await aStartedPlace();
    place.clock.stop();
    place.clock.advance(100 * DAY);
    const wrong = await startTestApp({ beside: place });
    const agent = await wrong.enrolAgent();
    const service = await agent.reportService(aReportedService());
    const operator = await wrong.signIn('operator');
    const token = await operator.createToken({ expiresInSeconds: 600 });
    const command = await operator
      .post(`/api/admin/capsule-services/${service.id}/actions/echo`, { payload: { text: 'hi' } })
      .expectOk<Command>();
    await wrong.stop();

    place.clock.advance(-100 * DAY);
    const app = await startTestApp({ beside: place });
    expect(await concerns(app)).toEqual(['CLOCK_JUMPED']);
    const owner = await app.signIn('owner');
    const shown = async () => ({
      command: (await owner.get(`/api/admin/commands/${command.id}`).expectOk<Command>()).status,
      token: (await owner.get('/api/admin/registration-tokens').expectPage<RegistrationToken>()).data.find(
        ({ id }) => id === token.id,
      )?.status,
      agent: (await owner.get(`/api/admin/agents/${agent.id}`).expectOk<AgentSummary>()).status,
    });
    await sweep(app);
    expect(await shown()).toEqual({ command: 'PENDING', token: 'ACTIVE', agent: 'ONLINE' });
    app.clock.advance(299);
    await sweep(app);
    expect(await shown()).toEqual({ command: 'PENDING', token: 'ACTIVE', agent: 'OFFLINE' });
    app.clock.advance(2);
    await sweep(app);
    expect(await shown()).toEqual({ command: 'EXPIRED', token: 'ACTIVE', agent: 'OFFLINE' });
    app.clock.advance(299);
    await sweep(app);
    expect(await shown()).toEqual({ command: 'EXPIRED', token: 'EXPIRED', agent: 'OFFLINE' });
    expect(await concerns(app)).toEqual([]);
  });
});

describe('A jump of the clock that lasts', () => {
  it('is followed after ten minutes, but history is kept for another day unless an owner confirms the clock', async () => {
    const app = await startTestApp({ config: { ...RETENTION, sessionTtlSeconds: 300 * DAY } });
    app.clock.stop();
    await writeAudit(app, manyAuditRecords(300));
    app.clock.set(100 * DAY);
    const before = app.clock.now();
    expect((await sweep(app)).heldJobs).toEqual(['audit', 'finished-commands', 'health-history', 'superseded-tokens']);
    app.clock.advance(599);
    expect(app.clock.now().getTime() - before.getTime()).toBe(599_000);
    app.clock.advance(1);
    expect(app.clock.now().getTime() - before.getTime()).toBe((600 + 100 * DAY) * 1_000);
    expect(await concerns(app)).toEqual(['CLOCK_JUMPED']);
    expect(await sweep(app)).toMatchObject({
      deletedAuditEvents: 0,
      heldJobs: expect.arrayContaining(['audit']) as unknown,
    });
    const events = await eventually('both are audited', async () => {
      const found = await app.auditEvents('system.clock.jumped', 'system.clock.settled');
      return found.length === 2 && found;
    });
    expect(events.map(({ metadata }) => metadata)).toEqual(
      expect.arrayContaining([{ byMs: 100 * DAY * 1_000 }, { byMs: 100 * DAY * 1_000, end: 'settled' }]),
    );
    await (await app.signIn('operator')).post('/api/admin/maintenance/clock/confirm').expectError(403, 'FORBIDDEN');
    const owner = await TestOperator.signIn(app.api, OWNER.username, OWNER.password);
    expect(await owner.post('/api/admin/maintenance/clock/confirm').expectOk()).toEqual({ wasInDoubt: true });
    expect(await owner.post('/api/admin/maintenance/clock/confirm').expectOk()).toEqual({ wasInDoubt: false });
    expect(await app.auditEvents('maintenance.clock.confirmed')).toHaveLength(1);
    expect(await concerns(app)).toEqual([]);
    expect((await sweep(app)).deletedAuditEvents).toBeGreaterThanOrEqual(300);
  });
});

describe('A backup that is due', () => {
  it('has what retention deletes in the same run', async () => {
    const config = { ...RETENTION, backupIntervalHours: 24, sessionTtlSeconds: 300 * DAY };
    const app = await startTestApp({ beside: await aStartedPlace('sqlite'), config });
    await writeAudit(app, manyAuditRecords(300));
    app.clock.advance(31 * DAY);
    const report = await sweep(app);
    expect(report).toMatchObject({ madeBackups: 1, heldJobs: [] });
    expect(report.deletedAuditEvents).toBeGreaterThanOrEqual(300);
    const [backup] = await app.nest.get(BackupFolder, { strict: false }).list();
    expect(backup?.proof.rowCounts.audit_events).toBeGreaterThanOrEqual(300);
  });
});
