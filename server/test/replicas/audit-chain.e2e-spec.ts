import type { AuditVerification } from '#contracts';
import { TestOperator } from '#testing';
import { AuditRetention } from '../../src/modules/audit/chain/audit-chain.service.js';
import { manyAuditRecords, sealAudit, writeAudit } from '../support/audit-seeds.js';
import { startReplicas } from '../support/replicas.js';
import { OWNER, startTestApp, type TestApp } from '../support/start-test-app.js';

const KEPT_SECONDS = 50;

const verify = async ({ api }: TestApp): Promise<AuditVerification> => {
  const owner = await TestOperator.signIn(api, OWNER.username, OWNER.password);
  return owner.get('/api/admin/audit-events/verify').expectOk<AuditVerification>();
};

const prune = ({ nest }: TestApp): Promise<number> =>
  nest.get(AuditRetention, { strict: false }).prune(KEPT_SECONDS / 86_400);

describe('the audit of two servers on one database', () => {
  it('is one chain that still verifies at both, and after a restart, when both have shortened it at once', async () => {
    const { place, a, b } = await startReplicas();
    place.clock.stop();
    for (const server of [a, b, a]) {
      await writeAudit(server, manyAuditRecords(20));
      await sealAudit(server);
    }
    place.clock.advance(2 * KEPT_SECONDS);
    await writeAudit(b, manyAuditRecords(3));
    await sealAudit(b);
    const removed = (await Promise.all([prune(a), prune(b)])).reduce((sum, count) => sum + count, 0);
    expect(removed).toBeGreaterThanOrEqual(60);
    await b.stop();
    const again = await startTestApp({ beside: place });
    for (const server of [a, again]) {
      const found = await verify(server);
      expect(found).toMatchObject({ valid: true, removedByRetention: removed, firstBad: null });
      expect(found.checkedEvents).toBeGreaterThanOrEqual(3);
    }
  });
});
