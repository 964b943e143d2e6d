import type { AgentId, CapsuleService, Manifest } from '#contracts';
import { aReportedService, type TestOperator } from '#testing';
import { startTestApp } from '../support/start-test-app.js';

const SERVICES = '/api/admin/capsule-services';

const labelled = (labels: object, more: object = {}): Manifest => ({ labels, ...more }) as unknown as Manifest;
/** Valid JSON text, but PostgreSQL cannot read it. */
const HALF_A_PAIR = '\ud800';

let viewer: TestOperator;
let agents: Readonly<Record<'first' | 'second', AgentId>>;
beforeAll(async () => {
  const app = await startTestApp();
  viewer = await app.signIn('viewer');
  const [first, second] = [await app.enrolAgent(), await app.enrolAgent()];
  agents = { first: first.id, second: second.id };
  await first.reportService(
    aReportedService({
      code: 'zeta',
      name: 'Alpha 100%',
      runtime: 'go',
      manifest: labelled({ env: 'prod', 'a:b': 'c:d', rank: 1 }),
    }),
  );
  app.clock.advance(1);
  await first.reportService(
    aReportedService({
      code: 'beta_1',
      name: 'Élan',
      health: { status: 'DOWN' },
      manifest: labelled({ env: 'dev', note: '%' }),
    }),
  );
  app.clock.advance(1);
  const gamma = aReportedService({
    code: 'gamma',
    name: 'Beta',
    description: 'Sends MAIL',
    health: undefined,
    manifest: labelled({}, { note: HALF_A_PAIR }),
  });
  await second.reportService(gamma);
  await second.reportService(aReportedService({ code: 'gone', name: 'Gone' }));
  await second.report([gamma], true);
});

const list = async (query: string): Promise<string[]> =>
  (await viewer.get(`${SERVICES}?${query}`).expectPage<CapsuleService>()).data.map(({ code }) => code);

describe('The list of services', () => {
  it('is sorted by name, without retired services', async () => {
    const page = await viewer.get(SERVICES).expectPage<CapsuleService>();
    expect(page.pagination).toEqual({ page: 1, pageSize: 20, total: 3 });
    expect(page.data.map(({ code }) => code).slice(0, 2)).toEqual(['zeta', 'gamma']);
    expect(page.data[0]).not.toHaveProperty('manifest');
    expect(await list('includeRetired=false')).toHaveLength(3);
    expect(await list('includeRetired=true')).toHaveLength(4);
  });

  it.each([
    ['status=HEALTHY', ['zeta']],
    ['status=UNHEALTHY&status=UNKNOWN&sort=code', ['beta_1', 'gamma']],
    ['healthStatus=DOWN', ['beta_1']],
    ['healthStatus=UNKNOWN&healthStatus=UP&sort=code', ['gamma', 'zeta']],
    ['runtime=go', ['zeta']],
    ['runtime=go&runtime=nodejs&sort=code', ['beta_1', 'gamma', 'zeta']],
    ['status=HEALTHY&runtime=nodejs', []],
    ['q=ALPHA', ['zeta']],
    ['q=sends%20mail', ['gamma']],
    ['q=élan', ['beta_1']],
    ['q=%25', ['zeta']],
    ['q=_', ['beta_1']],
    ['q=eta&sort=code', ['beta_1', 'gamma', 'zeta']],
    ['label=env&sort=code', ['beta_1', 'zeta']],
    ['label=env:prod', ['zeta']],
    ['label=env:prod&label=env:dev&sort=code', ['beta_1', 'zeta']],
    ['label=env:prod&runtime=nodejs', []],
    ['label=a:b:c:d', ['zeta']],
    ['label=rank', []],
    ['label=prod', []],
    ['label=note:%25', ['beta_1']],
    ['label=note:_', []],
    ['agentId=agt_none', []],
    ['sort=code', ['beta_1', 'gamma', 'zeta']],
    ['sort=-createdAt', ['gamma', 'beta_1', 'zeta']],
    ['sort=lastReportedAt', ['zeta', 'beta_1', 'gamma']],
    ['sort=code&page=2&pageSize=2', ['zeta']],
  ])('is filtered and sorted by %s', async (query, expected) => {
    expect(await list(query)).toEqual(expected);
  });

  it('is filtered by agent', async () => {
    expect(await list(`agentId=${agents.second}`)).toEqual(['gamma']);
    expect(await list(`agentId=${agents.first}&agentId=${agents.second}&sort=code`)).toEqual([
      'beta_1',
      'gamma',
      'zeta',
    ]);
  });

  it.each([
    'status=UP',
    'healthStatus=HEALTHY',
    'includeRetired=1',
    'sort=status',
    'page=-1',
    'pageSize=abc',
    'state=x',
  ])('refuses %s', async (query) => {
    await viewer.get(`${SERVICES}?${query}`).expectError(422, 'VALIDATION_FAILED');
  });
});
