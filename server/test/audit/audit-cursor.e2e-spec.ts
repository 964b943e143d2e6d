import type { AuditEvent, Pagination } from '#contracts';
import { TestOperator } from '#testing';
import { manyAuditRecords, writeAudit } from '../support/audit-seeds.js';
import { startTestApp } from '../support/start-test-app.js';

const SEEDED = '/api/admin/audit-events?action=service.moved';

interface Walk {
  readonly pages: readonly (readonly AuditEvent[])[];
  readonly last: Pagination;
}

/** Follows `nextCursor` to the end; `between` runs after each page. */
const walk = async (user: TestOperator, path: string, between: () => Promise<void>): Promise<Walk> => {
  const pages: (readonly AuditEvent[])[] = [];
  let cursor: string | undefined;
  for (;;) {
    const at = cursor === undefined ? path : `${path}&cursor=${cursor}`;
    const { data, pagination } = await user.get(at).expectPage<AuditEvent>();
    pages.push(data);
    await between();
    cursor = pagination.nextCursor;
    if (cursor === undefined) return { pages, last: pagination };
  }
};

const numbersOf = (events: readonly AuditEvent[]): unknown[] => events.map(({ metadata }) => metadata.number);

describe('walking the audit by cursor', () => {
  it('meets every event once, in order, while new ones arrive', async () => {
    const app = await startTestApp();
    const viewer = await app.signIn('viewer');
    // Many share a millisecond: time alone does not order them.
    await writeAudit(app, manyAuditRecords(500));
    const arrive = () => writeAudit(app, manyAuditRecords(3, { metadata: { number: 'new' } }));
    const { pages } = await walk(viewer, `${SEEDED}&pageSize=37`, arrive);
    expect(numbersOf(pages.flat())).toEqual(Array.from({ length: 500 }, (_, i) => 499 - i));
    expect(pages).toHaveLength(Math.ceil(500 / 37));
  });

  it('ends without an empty page when the last page is full', async () => {
    const app = await startTestApp();
    const viewer = await app.signIn('viewer');
    await writeAudit(app, manyAuditRecords(20));
    const { pages, last } = await walk(viewer, `${SEEDED}&pageSize=10`, () => Promise.resolve());
    expect(pages.map(({ length }) => length)).toEqual([10, 10]);
    expect(last).toEqual({ page: 1, pageSize: 10, total: 20 });
  });

  it('goes on from a page as well as from a cursor', async () => {
    const app = await startTestApp();
    const viewer = await app.signIn('viewer');
    await writeAudit(app, manyAuditRecords(30));
    const { pagination } = await viewer.get(`${SEEDED}&pageSize=10&page=2`).expectPage<AuditEvent>();
    const { data } = await viewer
      .get(`${SEEDED}&pageSize=10&cursor=${pagination.nextCursor!}`)
      .expectPage<AuditEvent>();
    expect(numbersOf(data)).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1, 0]);
  });

  it('is offered for the order newest first only, and refused with any other', async () => {
    const app = await startTestApp();
    const viewer = await app.signIn('viewer');
    await writeAudit(app, manyAuditRecords(5));
    const sorted = await viewer.get(`${SEEDED}&pageSize=2&sort=createdAt`).expectPage<AuditEvent>();
    expect(sorted.pagination).toEqual({ page: 1, pageSize: 2, total: 5 });
    const { pagination } = await viewer.get(`${SEEDED}&pageSize=2&sort=-createdAt`).expectPage<AuditEvent>();
    const cursor = pagination.nextCursor!;
    await viewer.get(`${SEEDED}&sort=-createdAt&cursor=${cursor}`).expectOk();
    await viewer.get(`${SEEDED}&sort=createdAt&cursor=${cursor}`).expectError(422, 'VALIDATION_FAILED');
  });
});
