import type { Command, JsonObject, ValidationIssue } from '#contracts';
import { anAction } from '#testing';
import { WorkerPool } from '../../src/common/worker-pool.js';
import { GovernedService } from '../support/governed-service.js';
import { startTestApp, type TestApp } from '../support/start-test-app.js';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});

const withSchema = (inputSchema: JsonObject): Promise<GovernedService> =>
  GovernedService.of(app, { actions: [anAction({ inputSchema })] });

const issuesOf = async (governed: GovernedService, payload: JsonObject): Promise<readonly ValidationIssue[]> => {
  const { details } = await governed.execute({ payload }).expectError(422, 'ACTION_PAYLOAD_INVALID');
  return (details as { issues: readonly ValidationIssue[] }).issues;
};

describe('a payload that does not match the schema of its action', () => {
  it('is refused with every issue and its path', async () => {
    const governed = await withSchema({
      type: 'object',
      properties: {
        size: { type: 'integer', maximum: 10 },
        tags: { type: 'array', items: { type: 'string' } },
        nested: { type: 'object', required: ['deep'], additionalProperties: false },
        mail: { type: 'string', format: 'email' },
      },
      required: ['name'],
    });
    const payload = { size: 11, tags: ['a', 2], nested: { 'a/b': 1 }, mail: 'nobody' };
    const issues = await issuesOf(governed, payload);
    expect(issues.map(({ path }) => path).sort()).toEqual([
      'mail',
      'name',
      'nested.a/b',
      'nested.deep',
      'size',
      'tags.1',
    ]);
    for (const { message } of issues) expect(message).toMatch(/^must /);
    expect(await governed.events('service.action.requested')).toEqual([]);
  });

  it('is checked by draft 2020-12 if the schema says so', async () => {
    const $schema = 'https://json-schema.org/draft/2020-12/schema';
    const governed = await withSchema({
      $schema,
      properties: { pair: { prefixItems: [{ type: 'string' }], items: false } },
    });
    expect(await issuesOf(governed, { pair: ['a', 'b'] })).toMatchObject([{ path: 'pair' }]);
    await governed.execute({ payload: { pair: ['a'] } }).expectOk();
  });

  it.each<[string, JsonObject]>([
    ['is not a valid schema', { type: 'nonsense' }],
    ['has a reference to a missing definition', { $ref: '#/definitions/missing' }],
    ['has a reference to another server', { $ref: 'https://example.org/schema.json' }],
    ['has an invalid pattern', { properties: { text: { pattern: '(' } } }],
    ['wants to answer later', { $async: true, required: ['never'] }],
    ['would take forever', { properties: { text: { pattern: '^(a+)+$' } } }],
  ])('is refused when the schema %s', async (_, schema) => {
    const governed = await withSchema(schema);
    const issues = await issuesOf(governed, { text: `${'a'.repeat(40)}!` });
    expect(issues).toEqual([{ path: '', message: 'the input schema that the service declared cannot be used' }]);
    await governed.agent.heartbeat().expectOk();
  });

  it('can be anything without a schema', async () => {
    const governed = await GovernedService.of(app, { actions: [{ name: 'echo', label: 'Echo' }] });
    await governed.execute({ payload: { whatever: [1, { a: null }] } }).expectOk();
  });
});

describe('an input schema of a generator', () => {
  it('takes amounts in cents', async () => {
    const governed = await withSchema({ type: 'object', properties: { price: { type: 'number', multipleOf: 0.01 } } });
    await governed.execute({ payload: { price: 19.99 } }).expectOk();
    expect(await issuesOf(governed, { price: 19.999 })).toEqual([
      { path: 'price', message: 'must be multiple of 0.01' },
    ]);
  });

  it('is read by the dialect whose keywords it uses', async () => {
    const governed = await withSchema({ type: 'object', properties: { a: { prefixItems: [{ type: 'string' }] } } });
    expect(await issuesOf(governed, { a: [1] })).toMatchObject([{ path: 'a.0' }]);
  });
});

describe('an input schema that cannot be used', () => {
  const broken = anAction({ name: 'broken', inputSchema: { type: 'object', properties: { a: { type: 'text' } } } });
  const odd = anAction({
    name: 'odd',
    inputSchema: { $schema: 'http://json-schema.org/draft-07/schema#', dependentRequired: { a: ['b'] } },
  });
  const actions = [anAction(), broken, odd];
  const problem = expect.stringMatching(/^\/properties\/a\/type must be equal to one of/) as string;

  it('is named in the answer to each report that brings it, beside keywords that count for nothing', async () => {
    const governed = await GovernedService.of(app, { actions });
    const warnings = [
      {
        path: 'actions.1.inputSchema',
        message: expect.stringMatching(/^action broken: this input schema cannot be used: .*must be equal/) as string,
      },
      {
        path: 'actions.2.inputSchema',
        message: expect.stringContaining('"dependentRequired" counts for nothing') as string,
      },
    ];
    expect(governed.service).toMatchObject({ accepted: true, warnings });
    const { name, code, version, runtime } = governed.service;
    const again = { name, code, actions, ...(version && { version }), ...(runtime && { runtime }) };
    expect(await governed.agent.reportService(again)).toMatchObject({ warnings });
  });

  it('is not mentioned when all can be used', async () => {
    expect((await GovernedService.of(app)).service).not.toHaveProperty('warnings');
  });

  it('is shown at the action, and after a prepare', async () => {
    const governed = await GovernedService.of(app, { actions });
    const shown = [
      { name: 'echo', inputSchemaProblem: null, inputSchemaIgnored: [] },
      { name: 'broken', inputSchemaProblem: problem },
      { name: 'odd', inputSchemaProblem: null, inputSchemaIgnored: ['dependentRequired'] },
    ];
    const found = await governed.operator.get(`${governed.path}/actions`).expectOk<readonly { name: string }[]>();
    for (const one of shown) expect(found.find(({ name }) => name === one.name)).toMatchObject(one);
    expect((await governed.shown()).actions).toHaveLength(3);
    const preparing = governed.prepare();
    const { id } = await governed.take();
    await governed.agent.complete(id, { success: true, data: { inputSchema: { type: 'array' } } }).expectOk();
    expect(await preparing.expectOk()).toMatchObject({
      action: { inputSchemaProblem: 'its type is "array", and a payload is always an object' },
    });
  });
});

describe('the schema of a prepare', () => {
  const prepared = async (governed: GovernedService, data: JsonObject): Promise<Command['id']> => {
    const preparing = governed.prepare();
    const { id } = await governed.take();
    await governed.agent.complete(id, { success: true, data }).expectOk();
    await preparing;
    return id;
  };

  it('replaces the declared one', async () => {
    const governed = await GovernedService.of(app);
    const inputSchema = { type: 'object', properties: { choice: { enum: ['a', 'b'] } }, required: ['choice'] };
    const prepareCommandId = await prepared(governed, { inputSchema });
    await governed.execute({ payload: { choice: 'a' }, prepareCommandId }).expectOk();
    await governed.execute({ payload: { choice: 'c' }, prepareCommandId }).expectError(422, 'ACTION_PAYLOAD_INVALID');
    await governed.execute({ payload: { text: 'x' }, prepareCommandId }).expectError(422, 'ACTION_PAYLOAD_INVALID');
    await governed.execute({ payload: { choice: 'a' } }).expectError(422, 'ACTION_PAYLOAD_INVALID');
  });

  it('is the declared one when the prepare returned none', async () => {
    const governed = await GovernedService.of(app);
    const prepareCommandId = await prepared(governed, { initialPayload: { text: 'a' } });
    await governed.execute({ payload: { text: 'x' }, prepareCommandId }).expectOk();
    await governed.execute({ payload: { other: 'x' }, prepareCommandId }).expectError(422, 'ACTION_PAYLOAD_INVALID');
  });

  it('is only taken from a succeeded prepare of the same action', async () => {
    const actions = [anAction(), anAction({ name: 'other' })];
    const [governed, stranger] = [await GovernedService.of(app, { actions }), await GovernedService.of(app)];
    const ofStranger = await prepared(stranger, {});
    const own = await prepared(governed, {});
    const executed = await governed.running();
    await governed.agent.complete(executed.id, { success: true }).expectOk();
    const failing = governed.prepare();
    const { id: failed } = await governed.take();
    await governed.agent.complete(failed, { success: false }).expectOk();
    await failing.expectError(424, 'ACTION_PREPARE_FAILED');
    const payload = { text: 'x' };
    for (const prepareCommandId of [ofStranger, executed.id, failed, 'cmd_none' as const]) {
      const { details } = await governed.execute({ payload, prepareCommandId }).expectError(422, 'VALIDATION_FAILED');
      expect(details).toMatchObject({ issues: [{ path: 'prepareCommandId' }] });
    }
    await governed.execute({ payload, prepareCommandId: own }, 'other').expectError(422, 'VALIDATION_FAILED');
    await governed.execute({ payload, prepareCommandId: own }).expectOk();
  });
});

/** Resolves when the worker pool is first asked to run a task; the pool then works as always. */
const whenAWorkerIsAsked = (): Promise<void> =>
  new Promise((resolve) => {
    const run = Reflect.get(WorkerPool.prototype, 'run');
    jest.spyOn(WorkerPool.prototype, 'run').mockImplementation(function (this: WorkerPool<object>, ...task) {
      resolve();
      return run.apply(this, task);
    });
  });

describe('a service whose schema would block the server (ASVS 5.0 15.2.2)', () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it("delays no other request: another agent's heartbeat is stored before the payload is refused", async () => {
    const inputSchema = { properties: { text: { type: 'string', pattern: '(a+)+$' } } };
    const hostile = await GovernedService.of(app, { actions: [anAction({ inputSchema })] });
    const other = await GovernedService.of(app);
    const order: string[] = [];
    const asked = whenAWorkerIsAsked();
    const refused = hostile
      .execute({ payload: { text: `${'a'.repeat(60)}!` } })
      .expectError(422, 'ACTION_PAYLOAD_INVALID')
      .then(() => order.push('refused'));
    await asked;
    await other.agent.heartbeat({ health: { status: 'DOWN' } }).expectOk();
    order.push('heartbeat');
    await refused;
    expect(order).toEqual(['heartbeat', 'refused']);
    const honest = { properties: { text: { type: 'string', pattern: '^[a-z]+$' } } };
    const service = await GovernedService.of(app, { actions: [anAction({ inputSchema: honest })] });
    await service.execute({ payload: { text: 'fine' } }).expectOk();
    await service.execute({ payload: { text: 'NOT' } }).expectError(422, 'ACTION_PAYLOAD_INVALID');
  });
});
