import type { AuditEvent } from '#contracts';
import { Database } from '../../src/database/database.js';
import { AuditService } from '../../src/modules/audit/audit.service.js';
import { AuditRetentionService } from '../../src/modules/audit/chain/audit-retention.service.js';
import { anAuditRecord, manyAuditRecords, sealAudit, writeAudit } from '../support/audit-seeds.js';
import { startTestApp, type TestApp } from '../support/start-test-app.js';
import { storedText } from '../support/stored-text.js';

const A_YEAR_SECONDS = 365 * 86_400;
const DAY_SECONDS = 86_400;

describe('recording an event', () => {
  it('stores an event with its change, or neither', async () => {
    const app = await startTestApp();
    const audit = app.nest.get(AuditService, { strict: false });
    const failing = app.nest.get(Database).transaction(async (tx) => {
      await audit.record(tx, anAuditRecord());
      throw new Error('the change failed');
    });
    await expect(failing).rejects.toThrow('the change failed');
    expect(await app.auditEvents('service.moved')).toEqual([]);
  });

  it('redacts secrets by name and by shape, in message and metadata', async () => {
    const app = await startTestApp();
    const agentToken = `opstage_agent_${'a'.repeat(43)}`;
    await writeAudit(app, [
      anAuditRecord({
        message: `Called with Bearer ${agentToken}.`,
        metadata: { password: 'hunter2', nested: [{ note: `was ${agentToken}`, tokenCount: 3 }] },
      }),
    ]);
    const [event] = await app.auditEvents('service.moved');
    expect(event).toMatchObject({
      message: 'Called with Bearer [REDACTED].',
      metadata: { password: '[REDACTED]', nested: [{ note: 'was [REDACTED]', tokenCount: 3 }] },
    });
    const stored = await storedText(app);
    expect(stored).not.toContain(agentToken);
    expect(stored).not.toContain('hunter2');
  });

  it('truncates a long message', async () => {
    const app = await startTestApp();
    await writeAudit(app, [anAuditRecord({ message: 'x'.repeat(5_000) })]);
    expect((await app.auditEvents('service.moved'))[0]?.message).toHaveLength(1_000);
  });

  it('records where a request came from, and ignores invalid addresses', async () => {
    const app = await startTestApp({ config: { trustProxy: 1 } });
    const login = { username: 'nobody', password: 'wrong' };
    for (const address of ['2001:db8::1', 'x'.repeat(500)]) {
      const headers = { 'x-forwarded-for': address, 'user-agent': 'u'.repeat(1_000) };
      await app.api.post('/api/admin/auth/login', login, { headers }).expectError(401, 'UNAUTHORIZED');
    }
    const events = await app.auditEvents('session.login.failed');
    expect(events.map(({ ipAddress }) => ipAddress)).toEqual([null, '2001:db8::1']);
    expect(events[0]?.userAgent).toBe('u'.repeat(300));
  });
});

describe('retention', () => {
  const auditTotal = async (app: TestApp): Promise<number> => {
    const viewer = await app.signIn('viewer');
    return (await viewer.get('/api/admin/audit-events?pageSize=1').expectPage<AuditEvent>()).pagination.total;
  };

  it('deletes all older events, in several batches, and no younger ones', async () => {
    const app = await startTestApp({ config: { sessionTtlSeconds: A_YEAR_SECONDS, auditRetentionDays: 2 } });
    await writeAudit(app, manyAuditRecords(2_300));
    const old = await auditTotal(app);
    app.clock.advance(2 * DAY_SECONDS + 60);
    await writeAudit(app, manyAuditRecords(7, { action: 'service.retired' }));
    expect(await app.runMaintenance()).toMatchObject({ deletedAuditEvents: old });
    expect(await app.auditEvents('service.moved')).toEqual([]);
    expect(await app.auditEvents('service.retired')).toHaveLength(7);
    expect(await app.runMaintenance()).toMatchObject({ deletedAuditEvents: 0 });
  });

  it('deletes one batch per call, oldest first, and never an unsealed event', async () => {
    const app = await startTestApp();
    const retention = app.nest.get(AuditRetentionService, { strict: false });
    await writeAudit(app, [anAuditRecord({ action: 'service.retired' })]);
    await sealAudit(app);
    app.clock.advance(1);
    await writeAudit(app, manyAuditRecords(1_100));
    app.clock.advance(2 * DAY_SECONDS);
    const first = await retention.prune(1);
    expect(first).toBeGreaterThan(0);
    expect(first).toBeLessThanOrEqual(500);
    expect(await app.auditEvents('service.retired')).toEqual([]);
    expect(await app.auditEvents('service.moved')).not.toEqual([]);
    let removed = first;
    for (let more = first; more > 0; removed += more) more = await retention.prune(1);
    expect(removed).toBeGreaterThan(1_100);
    expect(await app.auditEvents('service.moved')).toEqual([]);
  });

  it('keeps everything when it is set to 0 days', async () => {
    const app = await startTestApp({ config: { sessionTtlSeconds: 20 * A_YEAR_SECONDS, auditRetentionDays: 0 } });
    await writeAudit(app, manyAuditRecords(3));
    app.clock.advance(10 * A_YEAR_SECONDS);
    expect(await app.runMaintenance()).toMatchObject({ deletedAuditEvents: 0 });
    expect(await app.auditEvents('service.moved')).toHaveLength(3);
  });
});
