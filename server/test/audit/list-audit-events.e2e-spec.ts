import type { AgentId, AuditEvent, Pagination, SessionId, UserId } from '#contracts';
import { TestOperator } from '#testing';
import { anAuditRecord, manyAuditRecords, writeAudit } from '../support/audit-seeds.js';
import { anId, anInstant } from '../support/matchers.js';
import { startTestApp, type TestApp } from '../support/start-test-app.js';

const EVENTS = '/api/admin/audit-events';
const ORIGIN = { ipAddress: '10.0.0.1', userAgent: 'seeds' };
const AGENT = { kind: 'agent', code: 'a-one', status: 'ONLINE', tokenHash: '', origin: ORIGIN } as const;
const USER = { kind: 'user', username: 'ada', role: 'owner', sessionId: 'ses_1' as SessionId, origin: ORIGIN } as const;

describe('the list of audit events', () => {
  let app: TestApp;
  let viewer: TestOperator;
  /** Instants between the seeded events; the first is before them all. */
  const marks: string[] = [];

  beforeAll(async () => {
    app = await startTestApp();
    viewer = await app.signIn('viewer');
    const [one, two] = ['agt_1' as AgentId, 'agt_2' as AgentId];
    const ada = { ...USER, id: 'usr_ada' as UserId };
    const seeds = [
      anAuditRecord({ message: 'm1', actor: { ...AGENT, id: one }, action: 'service.moved' }),
      anAuditRecord({ message: 'm2', actor: { ...AGENT, id: two }, action: 'service.retired' }),
      anAuditRecord({ message: 'm3', actor: ada, action: 'agent.revoked', target: { type: 'Agent', id: one } }),
      anAuditRecord({ message: 'm4', actor: ada, action: 'agent.disabled', target: { type: 'Agent', id: two } }),
      anAuditRecord({ message: 'm5', actor: { kind: 'system' }, action: 'system.agent.offline', result: 'FAILURE' }),
    ];
    for (const seed of seeds) {
      app.clock.advance(10);
      marks.push(app.clock.now().toISOString());
      app.clock.advance(10);
      await writeAudit(app, [seed]);
    }
    app.clock.advance(10);
    marks.push(app.clock.now().toISOString());
  });

  const messages = async (query: string): Promise<string[]> => {
    const { data } = await viewer.get(`${EVENTS}?from=${marks[0]!}&${query}`).expectPage<AuditEvent>();
    return data.map(({ message }) => message);
  };

  it('is newest first, each event with every field', async () => {
    expect(await messages('')).toEqual(['m5', 'm4', 'm3', 'm2', 'm1']);
    const { data, pagination } = await viewer.get(`${EVENTS}?actorId=usr_ada&pageSize=1`).expectPage<AuditEvent>();
    expect(pagination).toEqual({ page: 1, pageSize: 1, total: 2, nextCursor: expect.any(String) as string });
    expect(data).toEqual([
      {
        id: anId('aud'),
        actorType: 'USER',
        actorId: 'usr_ada',
        actorName: 'ada',
        action: 'agent.disabled',
        targetType: 'Agent',
        targetId: 'agt_2',
        result: 'SUCCESS',
        message: 'm4',
        ipAddress: '10.0.0.1',
        userAgent: 'seeds',
        metadata: {},
        createdAt: anInstant(),
      },
    ]);
  });

  it.each([
    ['actorType=AGENT', ['m2', 'm1']],
    ['actorType=AGENT&actorType=SYSTEM', ['m5', 'm2', 'm1']],
    ['actorId=agt_1', ['m1']],
    ['actorId=agt_1&actorId=usr_ada', ['m4', 'm3', 'm1']],
    ['action=service.retired', ['m2']],
    ['action=service.retired&action=agent.revoked', ['m3', 'm2']],
    ['action=nothing.happened', []],
    ['targetType=Agent', ['m4', 'm3']],
    ['targetType=Agent&targetType=CapsuleService', ['m5', 'm4', 'm3', 'm2', 'm1']],
    ['targetId=agt_1', ['m3']],
    ['result=FAILURE', ['m5']],
    ['actorId=usr_ada&targetId=agt_2', ['m4']],
    ['actorType=USER&result=FAILURE', []],
    ['sort=createdAt', ['m1', 'm2', 'm3', 'm4', 'm5']],
    ['sort=action', ['m4', 'm3', 'm1', 'm2', 'm5']],
    ['sort=-action', ['m5', 'm2', 'm1', 'm3', 'm4']],
    ['sort=createdAt&page=2&pageSize=2', ['m3', 'm4']],
  ])('returns for %s: %j', async (query, expected) => {
    expect(await messages(query)).toEqual(expected);
  });

  it('includes the start of a range but not its end', async () => {
    const between = async (from: string, to: string) =>
      (await viewer.get(`${EVENTS}?from=${from}&to=${to}`).expectPage<AuditEvent>()).data.map(({ message }) => message);
    expect(await between(marks[1]!, marks[4]!)).toEqual(['m4', 'm3', 'm2']);
    const [m3] = (await viewer.get(`${EVENTS}?action=agent.revoked`).expectPage<AuditEvent>()).data;
    expect(await between(m3!.createdAt, marks[5]!)).toEqual(['m5', 'm4', 'm3']);
    expect(await between(marks[0]!, m3!.createdAt)).toEqual(['m2', 'm1']);
    await viewer.get(`${EVENTS}?from=${marks[4]!}&to=${marks[1]!}`).expectError(422, 'VALIDATION_FAILED');
  });

  it('returns one event by its id, and 404 for an unknown id', async () => {
    const [event] = (await viewer.get(`${EVENTS}?action=agent.revoked`).expectPage<AuditEvent>()).data;
    expect(await viewer.get(`${EVENTS}/${event!.id}`).expectOk<AuditEvent>()).toEqual(event);
    for (const id of ['aud_01ARZ3NDEKTSV4RRFFQ69G5FAV', 'nonsense', 'x'.repeat(1_000)]) {
      await viewer.get(`${EVENTS}/${id}`).expectError(404, 'AUDIT_EVENT_NOT_FOUND');
    }
  });

  it.each([
    'actorType=user',
    'actorType=USER&actorType=NOBODY',
    'targetType=Agents',
    'result=success',
    'from=yesterday',
    'from=2026-02-30T00:00:00Z',
    'to=12',
    'from=2026-01-01T00:00:00Z&from=2026-01-02T00:00:00Z',
    'sort=message',
    'sort=-createdAt,-',
    'page=0',
    'pageSize=101',
    'cursor=%00',
    'cursor=abc',
    'cursor=MTIz',
    `cursor=${'x'.repeat(201)}`,
    'unknown=1',
    `actorId=${'x'.repeat(81)}`,
    Array.from({ length: 51 }, (_, i) => `action=a${i}`).join('&'),
  ])('refuses %s', async (query) => {
    await viewer.get(`${EVENTS}?${query}`).expectError(422, 'VALIDATION_FAILED');
  });
});

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
  it('returns every event once, in order, while new ones arrive', async () => {
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

  it('continues from a page as well as from a cursor', async () => {
    const app = await startTestApp();
    const viewer = await app.signIn('viewer');
    await writeAudit(app, manyAuditRecords(30));
    const { pagination } = await viewer.get(`${SEEDED}&pageSize=10&page=2`).expectPage<AuditEvent>();
    const { data } = await viewer
      .get(`${SEEDED}&pageSize=10&cursor=${pagination.nextCursor!}`)
      .expectPage<AuditEvent>();
    expect(numbersOf(data)).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1, 0]);
  });

  it('is available for the newest-first order only, and refused with any other', async () => {
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
