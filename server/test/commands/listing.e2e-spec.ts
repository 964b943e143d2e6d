import type { Command } from '#contracts';
import { aReportedService, anAction } from '#testing';
import { GovernedService } from '../support/governed-service.js';
import { startTestApp, type TestApp } from '../support/start-test-app.js';

describe('the list of commands', () => {
  let app: TestApp;
  let governed: GovernedService;
  const created: string[] = [];

  beforeAll(async () => {
    app = await startTestApp();
    governed = await GovernedService.of(app);
    for (let i = 0; i < 25; i += 1) created.push((await governed.pending()).id);
    const [first, second] = await governed.agent.poll(2);
    await governed.agent.complete(first!.id, { success: true }).expectOk();
    await governed.agent.complete(second!.id, { success: false }).expectOk();
  });

  const list = (query: string) => governed.operator.get(`/api/admin/commands?${query}`).expectPage<Command>();
  const idsOf = async (query: string): Promise<string[]> => (await list(query)).data.map(({ id }) => id);

  /** The commands of the service; tests of other services share the server. */
  const own = (query: string): string => `serviceId=${governed.service.id}&${query}`;

  it('is newest first, in pages', async () => {
    const newestFirst = [...created].reverse();
    expect(await idsOf(own('pageSize=10'))).toEqual(newestFirst.slice(0, 10));
    expect(await idsOf(own('pageSize=10&page=3'))).toEqual(newestFirst.slice(20, 30));
    const { pagination } = await list(own('pageSize=10'));
    expect(pagination).toMatchObject({ page: 1, pageSize: 10, total: created.length });
  });

  it('has no gap and no repeat when read by cursor while new commands arrive', async () => {
    const known = [...created];
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await list(own(`pageSize=4${cursor ? `&cursor=${cursor}` : ''}`));
      seen.push(...page.data.map(({ id }) => id));
      cursor = page.pagination.nextCursor;
      created.push((await governed.pending()).id);
    } while (cursor);
    expect(seen).toEqual(known.reverse());
  });

  it('can be filtered: values of one field by OR, different fields by AND', async () => {
    const statuses = async (query: string) => [...new Set((await list(query)).data.map(({ status }) => status))].sort();
    expect(await statuses('status=SUCCEEDED&status=FAILED')).toEqual(['FAILED', 'SUCCEEDED']);
    expect(await idsOf('status=SUCCEEDED&type=ACTION_PREPARE')).toEqual([]);
    expect(await idsOf(`agentId=${governed.agent.id}&serviceId=${governed.service.id}&status=SUCCEEDED`)).toHaveLength(
      1,
    );
    expect(await idsOf('actionName=nothing')).toEqual([]);
    expect(await idsOf('from=2999-01-01T00:00:00Z')).toEqual([]);
    expect(await idsOf('to=2000-01-01T00:00:00Z')).toEqual([]);
  });

  it('can be sorted, also by the alias of a field', async () => {
    expect(await idsOf('sort=createdAt&pageSize=3')).toEqual(created.slice(0, 3));
    const [last] = await idsOf('sort=-finishedAt&pageSize=1');
    expect(last).toBe(created[1]);
    await governed.operator.get('/api/admin/commands?sort=payload').expectError(422, 'VALIDATION_FAILED');
    await governed.operator.get('/api/admin/commands?cursor=nonsense').expectError(422, 'VALIDATION_FAILED');
    await governed.operator.get('/api/admin/commands?status=DONE').expectError(422, 'VALIDATION_FAILED');
  });

  it('shows the names of agent and action, and no label for an action that is no longer declared', async () => {
    const other = await app.enrolAgent({ code: 'till-7', name: 'Till 50%' });
    const service = { code: 'stock_1', name: 'Élan', actions: [anAction({ name: 'count', label: 'Count the shelf' })] };
    const { id: serviceId } = await other.reportService(aReportedService(service));
    const { id } = await governed.operator
      .post(`/api/admin/capsule-services/${serviceId}/actions/count`, { payload: { text: 'x' } })
      .expectOk<Command>();
    const named = { agentName: 'Till 50%', actionLabel: 'Count the shelf', actionName: 'count' };
    expect((await list('pageSize=1')).data[0]).toMatchObject(named);
    expect(await governed.command(id)).toMatchObject(named);
    for (const part of ['COUNT', 'the%20shelf', 'OCK_', 'éLAN', 'TILL-7', '50%25', id.slice(8).toLowerCase()]) {
      expect([part, await idsOf(`q=${part}`)]).toEqual([part, [id]]);
    }
    expect(await idsOf(`q=till&agentId=${governed.agent.id}`)).toEqual([]);
    expect((await list('q=echo&pageSize=1')).pagination.total).toBe(created.length);
    await other.reportService(aReportedService({ ...service, actions: [] }));
    expect((await list('q=count')).data).toMatchObject([{ actionName: 'count', actionLabel: null }]);
    expect(await idsOf('q=shelf')).toEqual([]);
  });

  it('is open to a viewer', async () => {
    const viewer = await app.signIn('viewer');
    await viewer.get('/api/admin/commands').expectPage<Command>();
    await viewer.get(`/api/admin/commands/${created[0]!}`).expectOk();
    await viewer.get('/api/admin/commands/cmd_nothing').expectError(404, 'COMMAND_NOT_FOUND');
  });
});
