import type { AgentSummary } from '#contracts';
import { aReportedService, type TestOperator } from '#testing';
import { startTestApp } from '../support/start-test-app.js';

const AGENTS = '/api/admin/agents';

let viewer: TestOperator;
beforeAll(async () => {
  const app = await startTestApp();
  viewer = await app.signIn('viewer');
  const operator = await app.signIn('operator');
  const north = await app.enrolAgent({ code: 'north', name: 'B 100%', hostname: 'Node-1.Example' });
  await north.report([aReportedService(), aReportedService()]).expectOk();
  app.clock.advance(10);
  const south = await app.enrolAgent({ code: 'south_1', name: 'A Élodie' });
  await south.report([aReportedService()]).expectOk();
  app.clock.advance(10);
  const east = await app.enrolAgent({ code: 'east', name: 'C' });
  await operator.post(`${AGENTS}/${east.id}/disable`).expectOk();
  app.clock.advance(10);
  await north.heartbeat().expectOk();
  await app.settle();
});

const list = async (query = ''): Promise<readonly AgentSummary[]> =>
  (await viewer.get(`${AGENTS}${query}`).expectPage<AgentSummary>()).data;

const codes = async (query: string): Promise<string[]> => (await list(query)).map(({ code }) => code);

describe('The list of agents', () => {
  it('starts with the agent seen last, and gives each its number of services', async () => {
    expect((await list()).map(({ code, status, serviceCount }) => ({ code, status, serviceCount }))).toEqual([
      { code: 'north', status: 'ONLINE', serviceCount: 2 },
      { code: 'east', status: 'DISABLED', serviceCount: 0 },
      { code: 'south_1', status: 'ONLINE', serviceCount: 1 },
    ]);
  });

  it('is filtered by one or several statuses', async () => {
    expect(await codes('?status=DISABLED')).toEqual(['east']);
    expect(await codes('?status=DISABLED&status=ONLINE&sort=name')).toEqual(['south_1', 'north', 'east']);
    expect(await codes('?status=OFFLINE')).toEqual([]);
  });

  it.each([
    ['NORTH', ['north']],
    ['node-1.ex', ['north']],
    ['élodie', ['south_1']],
    ['ÉLODIE', ['south_1']],
    ['%25', ['north']],
    ['_', ['south_1']],
    ['nothing', []],
  ])('is searched by code, name and host name: %s', async (q, expected) => {
    expect(await codes(`?q=${q}`)).toEqual(expected);
  });

  it('applies filter and search together', async () => {
    expect(await codes('?q=o&status=ONLINE&sort=name')).toEqual(['south_1', 'north']);
    expect(await codes('?q=east&status=ONLINE')).toEqual([]);
  });

  it.each([
    ['name', ['south_1', 'north', 'east']],
    ['-name', ['east', 'north', 'south_1']],
    ['createdAt', ['north', 'south_1', 'east']],
    ['lastSeenAt', ['south_1', 'east', 'north']],
    ['lastHeartbeatAt', ['south_1', 'east', 'north']],
    ['-lastSeenAt,name', ['north', 'east', 'south_1']],
  ])('is sorted by %s', async (sort, expected) => {
    expect(await codes(`?sort=${sort}`)).toEqual(expected);
  });

  it('comes in pages', async () => {
    const page = await viewer.get(`${AGENTS}?sort=name&page=2&pageSize=2`).expectPage<AgentSummary>();
    expect(page.pagination).toEqual({ page: 2, pageSize: 2, total: 3 });
    expect(page.data.map(({ code }) => code)).toEqual(['east']);
  });

  it.each([
    'page=0',
    'pageSize=0',
    'pageSize=101',
    'page=1e1',
    'status=online',
    'status=',
    'sort=code',
    'q=a&q=b',
    'x=1',
  ])('refuses %s', async (query) => {
    await viewer.get(`${AGENTS}?${query}`).expectError(422, 'VALIDATION_FAILED');
  });
});
