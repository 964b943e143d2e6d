import type { AuditVerification, SafetyFinding, SafetyReport, SystemHealth } from '#contracts';
import { eventually } from '#testing';
import { anAuditRecord, manyAuditRecords, sealAudit, writeAudit } from '../support/audit-seeds.js';
import { startTestApp, type TestApp } from '../support/start-test-app.js';
import { tamper } from '../support/tampering.js';
import { testDatabaseKind } from '../support/test-database.js';

const VERIFY = '/api/admin/audit-events/verify';
const USER = { password: 'a phrase that nobody guesses', role: 'viewer' };
const onSqlite = testDatabaseKind() === 'sqlite';

const concernsOf = async ({ api }: TestApp): Promise<readonly string[]> =>
  ((await api.get('/health').expectOk<SystemHealth>()).concerns ?? []).map(({ code }) => code);

const findingOf = async (app: TestApp): Promise<SafetyFinding | undefined> => {
  const owner = await app.signIn('owner');
  const { findings } = await owner.get('/api/admin/diagnostics/safety').expectOk<SafetyReport>();
  return findings.find(({ id }) => id === 'audit-integrity');
};

const verify = async (app: TestApp): Promise<AuditVerification> =>
  (await app.signIn('owner')).get(VERIFY).expectOk<AuditVerification>();

/** Makes inserts of some events change nothing, and say nothing. */
const silence = async ({ database }: TestApp, action: string): Promise<void> => {
  if (onSqlite) {
    await tamper(
      database,
      `CREATE TRIGGER quiet BEFORE INSERT ON audit_events WHEN NEW.action = '${action}' BEGIN SELECT RAISE(IGNORE); END`,
    );
    return;
  }
  await tamper(database, `CREATE FUNCTION quiet() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'`);
  await tamper(
    database,
    `CREATE TRIGGER quiet BEFORE INSERT ON audit_events FOR EACH ROW WHEN (NEW.action = '${action}') EXECUTE FUNCTION quiet()`,
  );
};

const PLANTED: readonly (readonly [name: string, sql: string | null, named: string])[] = [
  ['a trigger', null, 'trigger quiet'],
  ['a view', 'CREATE VIEW kept_events AS SELECT * FROM audit_events', 'view kept_events'],
  ...(onSqlite
    ? []
    : ([
        ['a rule', 'CREATE RULE quiet AS ON INSERT TO audit_events DO INSTEAD NOTHING', 'rule quiet'],
        ['row security', 'ALTER TABLE audit_events ENABLE ROW LEVEL SECURITY', 'row security audit_events'],
      ] as const)),
];

describe('a database that swallows audit events', () => {
  it('keeps no change without its event', async () => {
    const app = await startTestApp();
    const owner = await app.signIn('owner');
    await silence(app, 'user.created');
    await owner.post('/api/admin/users', { ...USER, username: 'unseen' }).expectError(500, 'INTERNAL_ERROR');
    const users = await owner.get('/api/admin/users?q=unseen').expectPage<object>();
    expect(users.data).toEqual([]);
  });

  it('is found by a verification, and shown in health, safety and audit', async () => {
    const app = await startTestApp();
    await silence(app, 'user.created');
    expect(await findingOf(app)).toMatchObject({ status: 'CRITICAL', situation: 'objects' });
    expect((await verify(app)).firstBad).toMatchObject({
      kind: 'object',
      message: expect.stringContaining('trigger quiet') as string,
    });
    expect(await concernsOf(app)).toEqual(['AUDIT_BROKEN']);
    const [event] = await app.auditEvents('audit.verification.failed');
    expect(event).toMatchObject({ result: 'FAILURE', metadata: { kind: 'object' } });
  });

  it.each(PLANTED)('does not start a server with %s that is not ours, and says which', async (_name, sql, named) => {
    const app = await startTestApp();
    if (sql === null) await silence(app, 'user.created');
    else await tamper(app.database, sql);
    await app.stop();
    await expect(startTestApp({ beside: app })).rejects.toThrow(named);
  });
});

describe('a broken audit', () => {
  const SEEDED = `action = 'service.moved'`;

  const anAudit = async (config = {}): Promise<TestApp> => {
    const app = await startTestApp({ config });
    await writeAudit(app, manyAuditRecords(3));
    await sealAudit(app);
    return app;
  };

  const deface = (app: TestApp) => tamper(app.database, `UPDATE audit_events SET message = 'Nothing.' WHERE ${SEEDED}`);

  const expectBroken = async (app: TestApp, foundBy: string): Promise<void> => {
    await eventually('the audit counts as broken', async () => (await concernsOf(app)).includes('AUDIT_BROKEN'));
    expect(await findingOf(app)).toMatchObject({ status: 'CRITICAL', situation: 'broken' });
    await eventually('it is audited', async () => (await app.auditEvents('audit.verification.failed')).length === 1);
    const [event] = await app.auditEvents('audit.verification.failed');
    expect(event).toMatchObject({ actorType: 'SYSTEM', metadata: { foundBy } });
  };

  it('is noticed at the start when its newest segments or its head differ', async () => {
    const app = await anAudit();
    await app.stop();
    await deface(app);
    await expectBroken(await startTestApp({ beside: app }), 'start');
    const other = await anAudit();
    await other.stop();
    await tamper(
      other.database,
      'DELETE FROM audit_events WHERE seal_sequence = (SELECT MAX(sequence) FROM audit_seals)',
    );
    await tamper(other.database, 'DELETE FROM audit_seals WHERE sequence = (SELECT MAX(sequence) FROM audit_seals)');
    await expectBroken(await startTestApp({ beside: other }), 'start');
  });

  it('is noticed once a day without being asked, and no longer said once it is mended', async () => {
    const app = await anAudit({ sessionTtlSeconds: 10 * 86_400 });
    await app.runMaintenance();
    expect(await findingOf(app)).toMatchObject({ status: 'OK', situation: 'sound' });
    const [kept] = await tamper(app.database, `SELECT message FROM audit_events WHERE ${SEEDED}`);
    await deface(app);
    const operator = await app.signIn('operator');
    await operator.post('/api/admin/maintenance/run').expectOk();
    expect(await concernsOf(app)).toEqual([]);
    app.clock.advance(86_401);
    await operator.post('/api/admin/maintenance/run');
    await expectBroken(app, 'schedule');
    await tamper(app.database, `UPDATE audit_events SET message = ? WHERE ${SEEDED}`, kept!.message as string);
    expect((await verify(app)).valid).toBe(true);
    await writeAudit(app, [anAuditRecord()]);
    await app.runMaintenance();
    expect(await concernsOf(app)).toEqual([]);
  });
});
