import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AuditFault, AuditVerification, SystemHealth } from '#contracts';
import { anAuditRecord, manyAuditRecords, sealAudit, writeAudit } from '../support/audit-seeds.js';
import { startTestApp, type TestApp } from '../support/start-test-app.js';
import { tamper } from '../support/tampering.js';

const DAY_SECONDS = 86_400;
const SETTINGS = '/api/admin/settings/maintenance';
const TABLES = ['audit_events', 'audit_seals', 'audit_tombstones'];

/** A server with sealed events that are ten days old, and whose sessions last through a test. */
const anOldAudit = async (auditRetentionDays = 90): Promise<TestApp> => {
  const config = {
    sessionTtlSeconds: 365 * DAY_SECONDS,
    sessionAbsoluteSeconds: 365 * DAY_SECONDS,
    auditRetentionDays,
  };
  const app = await startTestApp({ config });
  await app.signIn('operator');
  await writeAudit(app, manyAuditRecords(5));
  await sealAudit(app);
  app.clock.advance(10 * DAY_SECONDS);
  await writeAudit(app, [anAuditRecord({ action: 'service.retired' })]);
  await sealAudit(app);
  return app;
};

const verify = async (app: TestApp): Promise<AuditVerification> =>
  (await app.signIn('owner')).get('/api/admin/audit-events/verify').expectOk<AuditVerification>();

const storeSettings = async (app: TestApp, value: string): Promise<void> => {
  await tamper(
    app.database,
    `INSERT INTO settings (id, key, value, updated_at) VALUES ('set_01AAAAAAAAAAAAAAAAAAAAAAAA', 'maintenance', ?, 0)`,
    value,
  );
};

const forgetSettings = (app: TestApp) => tamper(app.database, `DELETE FROM settings WHERE key = 'maintenance'`);

/** One sweep, whatever it reports. */
const sweep = async (app: TestApp): Promise<void> => {
  await (await app.signIn('operator')).post('/api/admin/maintenance/run');
};

const concernsOf = async ({ api }: TestApp): Promise<readonly string[]> =>
  ((await api.get('/health').expectOk<SystemHealth>()).concerns ?? []).map(({ code }) => code);

describe('a stored setting that the API would not take', () => {
  it.each([
    '{"auditRetentionDays":-1}',
    '{"auditRetentionDays":0.00001}',
    '{"auditRetentionDays":"1"}',
    '[]',
    'null',
    '{',
  ])('counts as the default, deletes nothing and is a health concern: %s', async (value) => {
    const app = await anOldAudit();
    await storeSettings(app, value);
    await sweep(app);
    expect(await concernsOf(app)).toContain('SETTING_INVALID');
    expect(await (await app.signIn('owner')).get(SETTINGS).expectOk()).toMatchObject({ auditRetentionDays: 90 });
    await forgetSettings(app);
    await sweep(app);
    expect(await concernsOf(app)).toEqual([]);
    expect(await app.auditEvents('service.moved')).toHaveLength(5);
    expect(await verify(app)).toMatchObject({ valid: true, removedByRetention: 0 });
  });

  it('counts as the default in every group, and is gone once an owner saves the group', async () => {
    const app = await startTestApp();
    await storeSettings(app, '{"agentOfflineThresholdSeconds":0,"healthRetentionDays":7}');
    await tamper(
      app.database,
      `INSERT INTO settings (id, key, value, updated_at) VALUES ('set_01BBBBBBBBBBBBBBBBBBBBBBBB', 'sign-in', ?, 0)`,
      '{"passkeyRequiredRoles":["nobody"]}',
    );
    await app.stop();
    const again = await startTestApp({ beside: app });
    const { concerns } = await again.api.get('/health').expectOk<SystemHealth>();
    expect(concerns?.[0]?.message).toContain('maintenance.agentOfflineThresholdSeconds, sign-in.passkeyRequiredRoles');
    const owner = await again.signIn('owner');
    const settings = await owner.patch(SETTINGS, { commandRetentionDays: 8 }).expectOk();
    expect(settings).toMatchObject({
      agentOfflineThresholdSeconds: 90,
      healthRetentionDays: 7,
      commandRetentionDays: 8,
    });
    await owner.patch('/api/admin/settings/sign-in', { passkeyRequiredRoles: [] }).expectOk();
    expect(await concernsOf(again)).toEqual([]);
  });
});

describe('the retention of the audit', () => {
  it('is not shortened by a stored setting that no event of the audit knows', async () => {
    const app = await anOldAudit();
    await storeSettings(app, '{"auditRetentionDays":1}');
    await sweep(app);
    expect(await concernsOf(app)).toContain('SWEEP_FAILED');
    await forgetSettings(app);
    expect(await app.auditEvents('service.moved')).toHaveLength(5);
    expect(await verify(app)).toMatchObject({ valid: true, removedByRetention: 0 });
  });

  it('announces each burial in the audit before it, and signs what was announced', async () => {
    const app = await anOldAudit();
    const owner = await app.confirmedOwner();
    await owner.patch(SETTINGS, { auditRetentionDays: 2 }).expectOk();
    const { deletedAuditEvents } = await app.runMaintenance();
    expect(deletedAuditEvents).toBeGreaterThan(5);
    const [announcement] = await app.auditEvents('audit.retention.announced');
    expect(announcement).toMatchObject({
      actorType: 'SYSTEM',
      metadata: { days: 2, fromSegment: 1, events: deletedAuditEvents, throughPosition: deletedAuditEvents },
    });
    expect(await verify(app)).toMatchObject({ valid: true, removedByRetention: deletedAuditEvents });
    const [tombstone] = await tamper(app.database, 'SELECT * FROM audit_tombstones');
    expect(tombstone).toMatchObject({ announced_by: announcement!.id });
    await tamper(app.database, 'UPDATE audit_tombstones SET days = 90');
    expect((await verify(app)).firstBad).toMatchObject({ kind: 'seal' });
  });

  it('does not verify when a signed removal is older than the announcement it names', async () => {
    const app = await anOldAudit(2);
    await app.runMaintenance();
    const [first] = await tamper(app.database, 'SELECT * FROM audit_tombstones');
    app.clock.advance(10 * DAY_SECONDS);
    await app.runMaintenance();
    await tamper(
      app.database,
      'UPDATE audit_tombstones SET through_sequence = ?, through_position = ?, root = ?, removed_at = ?, days = ?, newest_event_at = ?, announced_by = ?, signature = ?',
      ...Object.values(first!).map((value) => value as string),
    );
    expect((await verify(app)).valid).toBe(false);
  });
});

describe('an older copy of the database', () => {
  /** Puts back an older copy and lets the chain grow beyond the kept head. */
  const rolledBack = async (app: TestApp): Promise<void> => {
    for (const table of TABLES) await tamper(app.database, `CREATE TABLE kept_${table} AS SELECT * FROM ${table}`);
    await writeAudit(app, manyAuditRecords(2));
    await sealAudit(app);
    for (const table of TABLES) {
      await tamper(app.database, `DELETE FROM ${table}`);
      await tamper(app.database, `INSERT INTO ${table} SELECT * FROM kept_${table}`);
      await tamper(app.database, `DROP TABLE kept_${table}`);
    }
    for (let more = 0; more < 3; more += 1) {
      await writeAudit(app, [anAuditRecord()]);
      await sealAudit(app);
    }
  };

  const faultOf = async (app: TestApp): Promise<AuditFault | null> => (await verify(app)).firstBad;
  const headOf = ({ folder }: TestApp): string => readFileSync(join(folder, 'audit-head.json'), 'utf8');

  it('is not whitewashed by retention: the head it contradicts is kept, and verification says so', async () => {
    const app = await anOldAudit(2);
    await rolledBack(app);
    const head = headOf(app);
    expect(await faultOf(app)).toMatchObject({ kind: 'seal' });
    app.clock.advance(10 * DAY_SECONDS);
    await sweep(app);
    await writeAudit(app, manyAuditRecords(3));
    await sealAudit(app);
    const { removedByRetention, valid } = await verify(app);
    expect(removedByRetention).toBeGreaterThan(5);
    expect(valid).toBe(false);
    expect(await faultOf(app)).toMatchObject({
      kind: 'seal',
      message: expect.stringContaining('older copy') as string,
    });
    expect(headOf(app)).toBe(head);
  });

  it('is still found after somebody also wrote the settings', async () => {
    const app = await anOldAudit();
    await rolledBack(app);
    for (const value of ['{"auditRetentionDays":-1}', '{"auditRetentionDays":1}']) {
      await storeSettings(app, value);
      await sweep(app);
      await forgetSettings(app);
      expect((await verify(app)).valid).toBe(false);
    }
  });
});
