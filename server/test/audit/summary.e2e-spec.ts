import type { AuditSummary } from '#contracts';
import { TestOperator } from '#testing';
import { SYSTEM } from '../../src/common/actor.js';
import { anAuditRecord, manyAuditRecords, writeAudit } from '../support/audit-seeds.js';
import { startTestApp } from '../support/start-test-app.js';

const SEEDED = 'targetType=CapsuleService';

const summarize = (user: TestOperator, query: string): Promise<AuditSummary> =>
  user.get(`/api/admin/audit-events/summary?${query}`).expectOk<AuditSummary>();

const target = (id: string) => ({ target: { type: 'CapsuleService', id } }) as const;

describe('the summary of the audit', () => {
  it('counts over time and by action, actor, target and result, with the filters of the list', async () => {
    const app = await startTestApp();
    const viewer = await app.signIn('viewer');
    app.clock.stop();
    await writeAudit(app, manyAuditRecords(700, target('svc_a')));
    app.clock.advance(3_600);
    await writeAudit(app, [
      ...manyAuditRecords(20, { ...target('svc_b'), action: 'service.retired', result: 'FAILURE' }),
      anAuditRecord({ ...target('svc_b'), actor: SYSTEM, action: 'system.service.stale' }),
    ]);
    const summary = await summarize(viewer, SEEDED);
    expect(summary).toMatchObject({
      total: 721,
      bucketSeconds: 900,
      actions: [
        { value: 'service.moved', count: 700 },
        { value: 'service.retired', count: 20 },
        { value: 'system.service.stale', count: 1 },
      ],
      actorTypes: [
        { value: 'AGENT', count: 720 },
        { value: 'SYSTEM', count: 1 },
      ],
      targetTypes: [{ value: 'CapsuleService', count: 721 }],
      results: [
        { value: 'SUCCESS', count: 701 },
        { value: 'FAILURE', count: 20 },
      ],
      actors: [
        { actorType: 'AGENT', actorId: 'agt_01ARZ3NDEKTSV4RRFFQ69G5FAV', actorName: 'seeded', count: 720 },
        { actorType: 'SYSTEM', actorId: 'system', actorName: 'system', count: 1 },
      ],
      targets: [
        { targetType: 'CapsuleService', targetId: 'svc_a', count: 700 },
        { targetType: 'CapsuleService', targetId: 'svc_b', count: 21 },
      ],
    });
    expect(summary.coveredFrom).toBe(summary.from);
    const filled = summary.histogram.filter(({ count }) => count > 0);
    expect(filled.map(({ count, failures }) => [count, failures])).toEqual([
      [700, 0],
      [21, 20],
    ]);
    expect(new Date(filled[1]!.at).getTime() - new Date(filled[0]!.at).getTime()).toBe(3_600_000);
    expect(await summarize(viewer, `${SEEDED}&result=FAILURE&action=service.retired`)).toMatchObject({ total: 20 });
  });

  it('covers the last day by default, or the given range', async () => {
    const app = await startTestApp({ config: { sessionTtlSeconds: 7 * 86_400 } });
    const viewer = await app.signIn('viewer');
    await writeAudit(app, manyAuditRecords(3));
    const old = app.clock.now();
    app.clock.advance(2 * 86_400);
    await writeAudit(app, manyAuditRecords(4));
    const recent = await summarize(viewer, SEEDED);
    expect(recent.total).toBe(4);
    expect(new Date(recent.to).getTime() - new Date(recent.from).getTime()).toBe(86_400_000);
    const from = new Date(old.getTime() - 3_600_000).toISOString();
    expect(await summarize(viewer, `${SEEDED}&from=${from}`)).toMatchObject({ total: 7, from, bucketSeconds: 3_600 });
    const to = new Date(old.getTime() + 3_600_000).toISOString();
    expect(await summarize(viewer, `${SEEDED}&to=${to}`)).toMatchObject({ total: 3, to });
    const all = await summarize(viewer, `${SEEDED}&all=true`);
    expect(all).toMatchObject({ total: 7, coveredFrom: all.from });
    expect(new Date(recent.to).getTime() - new Date(all.from).getTime()).toBeGreaterThan(2 * 86_400_000);
    expect(all.histogram.filter(({ count }) => count > 0).map(({ count }) => count)).toEqual([3, 4]);
    expect(await summarize(viewer, `${SEEDED}&all=true&from=${from}`)).toMatchObject({ total: 7, from });
    expect(await summarize(viewer, `targetId=nobody&all=true`)).toMatchObject({ total: 0 });
    await viewer.get(`/api/admin/audit-events/summary?from=${to}&to=${from}`).expectError(422, 'VALIDATION_FAILED');
  });

  it('shares one result between concurrent requests, and refuses unknown parameters', async () => {
    const app = await startTestApp();
    const viewer = await app.signIn('viewer');
    await writeAudit(app, manyAuditRecords(1_200));
    const queries = ['action=service.moved', SEEDED, 'action=service.moved', 'action=service.retired'];
    const summaries = await Promise.all(queries.map((query) => summarize(viewer, query)));
    expect(summaries.map(({ total }) => total)).toEqual([1_200, 1_200, 1_200, 0]);
    for (const query of ['result=maybe', 'from=yesterday', 'page=2', 'all=perhaps']) {
      await viewer.get(`/api/admin/audit-events/summary?${query}`).expectError(422, 'VALIDATION_FAILED');
    }
  });
});
