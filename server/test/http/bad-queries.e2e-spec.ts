import type { OpenAPIObject } from '@nestjs/swagger';
import type { AgentSummary, Command } from '#contracts';
import { aReportedService, type TestOperator } from '#testing';
import { issuePaths, refusalOf } from '../support/refusal.js';
import { startTestApp, type TestApp } from '../support/start-test-app.js';

const LISTS = ['users', 'registration-tokens', 'agents', 'capsule-services', 'commands', 'audit-events'] as const;
const SEARCHED = ['users', 'registration-tokens', 'agents', 'capsule-services'] as const;
const CURSORED = ['commands', 'audit-events'] as const;

describe('a query', () => {
  let app: TestApp;
  let owner: TestOperator;

  const issuesOf = async (path: string, query: string) => issuePaths(await owner.get(`/api/admin/${path}?${query}`));

  beforeAll(async () => {
    app = await startTestApp();
    owner = await app.signIn('owner');
  });

  it('refuses a range that ends before it begins, wherever there is one', async () => {
    const { paths } = (await owner.get('/api/openapi.json')).json<OpenAPIObject>();
    const ranged = Object.entries(paths).filter(([, { get }]) => {
      const names = (get?.parameters ?? []).map((parameter) => ('name' in parameter ? parameter.name : ''));
      return names.includes('from') && names.includes('to');
    });
    expect(ranged.length).toBeGreaterThanOrEqual(6);
    for (const [path] of ranged) {
      const address = path.replace('{id}', 'svc_1').replace('/api/admin/', '');
      expect(await issuesOf(address, 'from=2030-01-02T00:00:00.001Z&to=2030-01-02')).toEqual(['from']);
    }
    const empty = await owner.get('/api/admin/commands?from=2030-01-02&to=2030-01-02').expectPage();
    expect(empty.data).toEqual([]);
  });

  describe.each(LISTS)('of %s', (list) => {
    it.each(['0', '-1', 'abc', '1.5', '', '1e3', '0x10', '%201', '+1', '1000000001', '99999999999999999999', 'NaN'])(
      'refuses the page "%s"',
      async (page) => {
        expect(await issuesOf(list, `page=${page}`)).toEqual(['page']);
      },
    );

    it.each(['0', '-1', '101', 'abc', '1.5', '', 'all', '999999'])('refuses the page size "%s"', async (pageSize) => {
      expect(await issuesOf(list, `pageSize=${pageSize}`)).toEqual(['pageSize']);
    });

    it('refuses a page or page size given twice', async () => {
      expect(await issuesOf(list, 'page=1&page=2')).toEqual(['page']);
      expect(await issuesOf(list, 'pageSize=1&pageSize=1')).toEqual(['pageSize']);
    });

    it('returns an empty page past the end, with the total', async () => {
      const { data, pagination } = await owner.get(`/api/admin/${list}?page=1000000000&pageSize=100`).expectPage();
      expect(data).toEqual([]);
      expect(pagination).toMatchObject({ page: 1_000_000_000, pageSize: 100 });
      expect(pagination).not.toHaveProperty('nextCursor');
    });

    it.each(['unknown', '-', '--createdAt', 'createdAt,', 'createdAt,unknown', 'constructor', 'CreatedAt', 'id;DROP'])(
      'refuses to sort by "%s"',
      async (sort) => {
        expect(await issuesOf(list, `sort=${sort}`)).toEqual(['sort']);
      },
    );

    it.each(['unknown', '__proto__', 'constructor', 'toString', 'q[a]', 'page[]'])(
      'refuses the field "%s", which it does not know',
      async (field) => {
        expect(await issuesOf(list, `${field}=1`)).toEqual([field]);
        expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
      },
    );
  });

  it.each([
    ['users', 'role=admin', 'role'],
    ['users', 'status=active', 'status'],
    ['users', 'status=ACTIVE&status=GONE', 'status'],
    ['registration-tokens', 'status=OLD', 'status'],
    ['agents', 'status=', 'status'],
    ['capsule-services', 'status=UP', 'status'],
    ['capsule-services', 'healthStatus=HEALTHY', 'healthStatus'],
    ['capsule-services', 'includeRetired=yes', 'includeRetired'],
    ['commands', 'status=DONE', 'status'],
    ['commands', 'type=ACTION', 'type'],
    ['audit-events', 'actorType=ROBOT', 'actorType'],
    ['audit-events', 'targetType=Thing', 'targetType'],
    ['audit-events', 'result=OK', 'result'],
    ['capsule-services/health-strips', '', 'serviceId'],
    ['audit-events/export', 'format=xml', 'format'],
    ['audit-events/export', 'format=csv&format=json', 'format'],
  ])('of %s refuses the filter %s', async (list, query, field) => {
    expect(await issuesOf(list, query)).toEqual([field]);
  });

  it.each([...CURSORED, 'audit-events/export'])('of %s refuses invalid times', async (list) => {
    for (const field of ['from', 'to']) {
      for (const time of [
        'yesterday',
        '',
        '2030-13-01',
        '2030-02-30',
        '1767225600',
        '2030-W10-1',
        '2030-01-01T25:00:00Z',
      ]) {
        expect(await issuesOf(list, `${field}=${time}`)).toEqual([field]);
      }
    }
  });

  it.each(CURSORED)('of %s refuses a cursor that the server did not issue', async (list) => {
    const forged = (text: string) => Buffer.from(text).toString('base64url');
    const cursors = [
      'abc',
      '%F0%9F%92%A5',
      forged('1.cmd_1'),
      forged("1.cmd_' OR 1=1--"),
      forged('x.aud_01ARZ3NDEKTSV4RRFFQ69G5FAV'),
    ];
    for (const cursor of cursors) expect(await issuesOf(list, `cursor=${cursor}`)).toEqual(['cursor']);
    expect(await issuesOf(list, 'cursor=a&cursor=b')).toEqual(['cursor']);
  });

  it.each(SEARCHED)('of %s refuses a search that is too long, given twice, or holds U+0000', async (list) => {
    for (const query of [`q=${'x'.repeat(201)}`, 'q=a&q=b', 'q=%00', 'q=a%00b']) {
      expect(await issuesOf(list, query)).toEqual(['q']);
    }
  });

  it.each([
    'commands?actionName',
    'commands?agentId',
    'capsule-services?runtime',
    'audit-events?actorId',
    'audit-events?action',
  ])('refuses U+0000 in %s', async (filter) => {
    expect(refusalOf(await owner.get(`/api/admin/${filter}=%00`))).toBe('422 VALIDATION_FAILED');
  });

  it('searches for the literal text', async () => {
    const codes = ['a_b', 'axb', 'a-b'];
    for (const code of codes) await app.enrolAgent({ code, name: `100% ${code}` });
    const found = async (q: string) =>
      (await owner.get(`/api/admin/agents?sort=name&q=${encodeURIComponent(q)}`).expectPage<AgentSummary>()).data.map(
        ({ code }) => code,
      );
    expect(await found('A_B')).toEqual(['a_b']);
    expect((await found('100% a')).length).toBe(3);
    for (const nothing of ['100%%', '\\', "'", '%zz', "' OR '1'='1", 'a%b', '💥', '\u{d7ff}'])
      expect(await found(nothing)).toEqual([]);
    expect(refusalOf(await owner.get('/api/admin/agents?q=%zz%ff'))).toMatch(/^200/);
  });

  it('of a poll is clamped and its unknown fields are ignored, so that agents keep polling', async () => {
    const agent = await app.enrolAgent();
    const service = await agent.reportService(aReportedService());
    for (const query of [
      'limit=0',
      'limit=-5',
      'limit=abc',
      'limit=1e9',
      'limit=',
      'limit=1&limit=2',
      'unknown=1',
      'wait=abc',
      'constructor=1',
    ]) {
      await owner
        .post(`/api/admin/capsule-services/${service.id}/actions/echo`, { payload: { text: query } })
        .expectOk<Command>();
      const taken = await agent.request('GET', `/commands?${query}`).expectOk<Command[]>();
      expect(taken.map(({ payload }) => payload)).toEqual([{ text: query }]);
    }
  });
});
