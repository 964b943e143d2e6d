import type { AuditEvent } from '#contracts';
import { manyAuditRecords, writeAudit } from '../support/audit-seeds.js';
import { OWNER, startTestApp, type TestApp } from '../support/start-test-app.js';

/** Resolves once the server has started to handle this many requests. */
const received = (app: TestApp, count: number): Promise<void> =>
  new Promise((resolve) => {
    let seen = 0;
    app.nest.getHttpServer().on('request', () => {
      seen += 1;
      if (seen === count) resolve();
    });
  });

describe('a server that is stopped', () => {
  it('finishes requests in progress, durably, and accepts no new ones', async () => {
    const app = await startTestApp();
    const underWay = received(app, 10);
    const logins = Array.from({ length: 10 }, () => app.api.post('/api/admin/auth/login', OWNER).expectOk());
    await underWay;
    const stopped = app.stop();
    await Promise.all(logins);
    await stopped;
    await expect(app.api.get('/health').expectOk()).rejects.toThrow('fetch failed');
    const after = await startTestApp({ beside: app });
    expect(await after.auditEvents('session.login.succeeded')).toHaveLength(11);
  });

  it('finishes a long download first', async () => {
    const app = await startTestApp();
    const operator = await app.signIn('operator');
    await writeAudit(app, manyAuditRecords(3_000));
    const underWay = received(app, 1);
    const exporting = operator.get('/api/admin/audit-events/export?action=service.moved').expectOk<AuditEvent[]>();
    await underWay;
    const stopped = app.stop();
    expect(await exporting).toHaveLength(3_000);
    await stopped;
  });
});
