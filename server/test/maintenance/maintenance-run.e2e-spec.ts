import type { MaintenanceReport } from '#contracts';
import { aReportedService, TestOperator } from '#testing';
import { Database } from '../../src/database/database.js';
import { SessionEntity } from '../../src/modules/auth/sessions/session.entity.js';
import { MaintenanceScheduler } from '../../src/modules/maintenance/maintenance-scheduler.js';
import { manyAuditRecords, writeAudit } from '../support/audit-seeds.js';
import { anInstant } from '../support/matchers.js';
import { OWNER, startTestApp, type TestApp } from '../support/start-test-app.js';

const DAY_SECONDS = 86_400;
const NOTHING: MaintenanceReport = {
  expiredRegistrationTokens: 0,
  expiredCommands: 0,
  offlineAgents: 0,
  offlineServices: 0,
  staleServices: 0,
  deletedAuditEvents: 0,
  deletedCommands: 0,
  deletedHealthReports: 0,
  deletedSessions: 0,
  madeBackups: 0,
  freedBytes: 0,
  failedJobs: [],
  heldJobs: [],
  ranAt: anInstant(),
};

/** An agent with two services that goes silent, and unused commands and tokens. */
const leaveThingsToExpire = async (app: TestApp): Promise<void> => {
  const operator = await app.signIn('operator');
  const agent = await app.enrolAgent();
  const service = await agent.reportService(aReportedService());
  await agent.reportService(aReportedService());
  for (const text of ['one', 'two', 'three']) {
    const action = `/api/admin/capsule-services/${service.id}/actions/echo`;
    await operator.post(action, { payload: { text } }).expectOk();
  }
  for (let i = 0; i < 2; i += 1) await operator.createToken({ expiresInSeconds: 60 });
};

describe('a maintenance run', () => {
  it('returns the count of each job, and zeros the second time', async () => {
    const app = await startTestApp();
    await leaveThingsToExpire(app);
    app.clock.advance(400);
    const report = await app.runMaintenance();
    expect(report).toEqual({
      ...NOTHING,
      expiredRegistrationTokens: 2,
      expiredCommands: 3,
      offlineAgents: 1,
      // Their agent is offline, so they are offline and not stale.
      offlineServices: 2,
    });
    expect(Math.abs(Date.parse(report.ranAt) - app.clock.now().getTime())).toBeLessThan(5_000);
    expect(await app.runMaintenance()).toEqual(NOTHING);
  });

  it('is audited with its counts if it changed something, otherwise not', async () => {
    const app = await startTestApp();
    await app.runMaintenance();
    expect(await app.auditEvents('maintenance.run')).toEqual([]);
    await (await app.signIn('operator')).createToken({ expiresInSeconds: 60 });
    app.clock.advance(61);
    const report = await app.runMaintenance();
    await app.runMaintenance();
    const events = await app.auditEvents('maintenance.run');
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({
      actorType: 'SYSTEM',
      actorId: 'system',
      targetType: 'Workspace',
      targetId: 'default',
      result: 'SUCCESS',
      metadata: { ...report },
    });
  });

  it('is always audited as a manual run when a user starts it', async () => {
    const app = await startTestApp();
    await app.runMaintenance();
    const [event] = await app.auditEvents('maintenance.triggered');
    expect(event).toMatchObject({ actorType: 'USER', actorName: 'operator', targetType: 'Workspace', metadata: {} });
  });

  it('happens once when it is requested several times at once', async () => {
    const app = await startTestApp();
    await leaveThingsToExpire(app);
    app.clock.advance(400);
    const runner = app.nest.get(MaintenanceScheduler, { strict: false });
    const reports = await Promise.all([runner.run(), runner.run(), runner.tick().then(() => runner.run())]);
    expect(new Set(reports.map((report) => JSON.stringify(report))).size).toBe(1);
    expect(reports[0]).toMatchObject({ expiredCommands: 3, offlineAgents: 1 });
    expect(await app.auditEvents('maintenance.run')).toHaveLength(1);
    expect(await app.auditEvents('system.command.expired')).toHaveLength(3);
  });

  it('deletes only sessions that have ended', async () => {
    const app = await startTestApp({
      config: { sessionTtlSeconds: 2 * DAY_SECONDS, sessionAbsoluteSeconds: 9 * DAY_SECONDS },
    });
    const owner = await app.signIn('owner');
    await TestOperator.signIn(app.api, OWNER.username, OWNER.password);
    app.clock.advance(DAY_SECONDS);
    await owner.get('/api/admin/auth/me').expectOk();
    const { id } = (await app.signIn('viewer')).session.user;
    await (
      await app.confirmedOwner()
    )
      .post(`/api/admin/users/${id}/reset-password`, { newPassword: 'given by the owner' })
      .expectOk();
    app.clock.advance(DAY_SECONDS + 60);
    // One expired unused, one ended by the reset.
    expect(await app.runMaintenance()).toMatchObject({ deletedSessions: 2 });
    const left = await app.nest.get(Database).find(SessionEntity, 'TRUE');
    expect(left.map(({ userId }) => userId)).toContain(owner.session.user.id);
    await owner.get('/api/admin/auth/me').expectOk();
  });

  it('goes on with the other jobs when one fails, and reports and records their counts and the failure', async () => {
    const app = await startTestApp();
    const operator = await app.signIn('operator');
    await leaveThingsToExpire(app);
    app.clock.advance(400);
    const rename = (from: string, to: string) =>
      app.nest.get(Database).transaction((tx) => tx.execute(`ALTER TABLE ${from} RENAME TO ${to}`));
    await rename('registration_tokens', 'mislaid');
    const report = await operator.post('/api/admin/maintenance/run').expectOk<MaintenanceReport>();
    expect(report).toMatchObject({ expiredCommands: 3, offlineAgents: 1, failedJobs: ['registration-tokens'] });
    await rename('mislaid', 'registration_tokens');
    expect(await app.auditEvents('system.agent.offline')).toHaveLength(1);
    expect(await app.auditEvents('system.command.expired')).toHaveLength(3);
    const [event] = await app.auditEvents('maintenance.run');
    expect(event).toMatchObject({
      result: 'FAILURE',
      metadata: { expiredCommands: 3, offlineAgents: 1, failedJobs: ['registration-tokens'] },
    });
    expect(await app.runMaintenance()).toMatchObject({ expiredRegistrationTokens: 2, expiredCommands: 0 });
  });

  it('processes more than one batch', async () => {
    const app = await startTestApp({ config: { sessionTtlSeconds: 9 * DAY_SECONDS, auditRetentionDays: 1 } });
    await writeAudit(app, manyAuditRecords(2_100));
    app.clock.advance(2 * DAY_SECONDS);
    expect((await app.runMaintenance()).deletedAuditEvents).toBeGreaterThanOrEqual(2_100);
  });
});
