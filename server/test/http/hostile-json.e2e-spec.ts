import type { AgentCommand, CapsuleServiceDetail, Command, CommandDetail, Json, JsonObject } from '#contracts';
import { aReportedService, anAction, type ApiCall, type TestAgent, type TestOperator } from '#testing';
import { issuePaths, refusalOf } from '../support/refusal.js';
import { newToken, REGISTER } from '../support/registration-attempts.js';
import { sharedTestApp, type TestApp } from '../support/start-test-app.js';

const DEPTH = 60_000;
const DEEP_LIST = '['.repeat(DEPTH) + ']'.repeat(DEPTH);
const DEEP_OBJECT = `${'{"a":'.repeat(DEPTH)}1${'}'.repeat(DEPTH)}`;

interface World {
  readonly app: TestApp;
  readonly operator: TestOperator;
  readonly agent: TestAgent;
  readonly serviceId: string;
  readonly serviceCode: string;
  readonly action: string;
  readonly registrationToken: string;
}

const aWorld = async (): Promise<World> => {
  const app = await sharedTestApp();
  const agent = await app.enrolAgent();
  const anything = anAction({ name: 'anything', inputSchema: { type: 'object' } });
  const { id, code } = await agent.reportService(aReportedService({ actions: [anything] }));
  const action = `/api/admin/capsule-services/${id}/actions/anything`;
  return {
    app,
    agent,
    operator: await app.signIn('operator'),
    serviceId: id,
    serviceCode: code,
    action,
    registrationToken: await newToken(app),
  };
};

const execute = ({ operator, action }: World, payload: JsonObject): Promise<Command> =>
  operator.post(action, { payload }).expectOk<Command>();

const claim = async ({ agent }: World): Promise<AgentCommand> => {
  const [command] = await agent.poll();
  if (!command) throw new Error('There was no command.');
  return command;
};

/** Sends `value`, a JSON text, wherever the API takes free JSON, and in an undeclared field. */
const places = (world: World, commandId: string, value: string): Record<string, () => ApiCall> => {
  const { app, agent, operator, serviceCode, action, registrationToken } = world;
  const service = (field: string) => `{"services":[{"code":"${serviceCode}","name":"n",${field}}]}`;
  const report = (field: string) => () => agent.request('POST', '/services/report', { rawBody: service(field) });
  const result = (rawBody: string) => () => agent.request('POST', `/commands/${commandId}/result`, { rawBody });
  return {
    login: () => app.api.request('POST', '/api/admin/auth/login', { rawBody: `{"extra":${value}}` }),
    register: () =>
      app.api.request('POST', REGISTER, { rawBody: `{"registrationToken":"${registrationToken}","extra":${value}}` }),
    'register without a token': () => app.api.request('POST', REGISTER, { rawBody: `{"extra":${value}}` }),
    payload: () => operator.request('POST', action, { rawBody: `{"payload":{"a":${value}}}` }),
    manifest: report(`"manifest":{"kind":"CapsuleService","a":${value}}`),
    'health details': report(`"health":{"status":"UP","details":{"a":${value}}}`),
    'heartbeat details': () =>
      agent.request('POST', '/heartbeat', { rawBody: `{"health":{"status":"UP","details":{"a":${value}}}}` }),
    config: report(`"configs":[{"key":"k","type":"json","valuePreview":${value}}]`),
    schema: report(`"actions":[{"name":"a","label":"A","inputSchema":{"properties":${value}}}]`),
    'result data': result(`{"success":true,"data":{"a":${value}}}`),
    'result error': result(`{"success":false,"error":{"code":"X","message":"m","a":${value}}}`),
    'unknown field': () => agent.request('POST', '/heartbeat', { rawBody: `{"extra":${value}}` }),
  };
};

const outcomes = async (calls: Record<string, () => ApiCall>): Promise<Record<string, string>> => {
  const found: Record<string, string> = {};
  for (const [name, call] of Object.entries(calls)) found[name] = refusalOf(await call());
  return found;
};

const allRefused = (calls: object): Record<string, string> =>
  Object.fromEntries(Object.keys(calls).map((name) => [name, '422 VALIDATION_FAILED']));

const expectPagesToWork = async ({ app, operator, serviceId }: World, commandId: string): Promise<void> => {
  const owner = await app.signIn('owner');
  for (const path of [
    '/api/admin/users',
    '/api/admin/agents',
    '/api/admin/capsule-services',
    `/api/admin/capsule-services/${serviceId}`,
    `/api/admin/capsule-services/${serviceId}/manifest`,
    `/api/admin/capsule-services/${serviceId}/health`,
    '/api/admin/commands',
    `/api/admin/commands/${commandId}`,
    '/api/admin/audit-events',
    '/api/admin/dashboard/summary',
    '/api/admin/metrics',
  ]) {
    await owner.get(path).expectOk();
  }
  for (const format of ['json', 'csv']) {
    expect((await operator.get(`/api/admin/audit-events/export?format=${format}`)).status).toBe(200);
  }
};

describe('hostile JSON', () => {
  it.each([
    ['lists', DEEP_LIST],
    ['objects', DEEP_OBJECT],
  ])('nested 60,000 deep is refused in every place, and later lists still work: %s', async (_name, value) => {
    const world = await aWorld();
    const { id } = await execute(world, {});
    await claim(world);
    const calls = places(world, id, value);
    // A body of this length from an unknown caller is refused, whatever its content.
    const tooLong = { login: '413 PAYLOAD_TOO_LARGE', 'register without a token': '413 PAYLOAD_TOO_LARGE' };
    expect(await outcomes(calls)).toEqual({ ...allRefused(calls), ...tooLong });
    await world.agent.complete(id, { success: true }).expectOk();
    await expectPagesToWork(world, id);
  });

  it.each([
    ['a key __proto__', '{"__proto__":{"polluted":true}}'],
    ['U+0000 in a text', '"a\\u0000b"'],
    ['U+0000 in a key', '{"a\\u0000b":1}'],
    ['U+0000 deep inside', '[[{"a":["x",{"b":"\\u0000"}]}]]'],
  ])('is refused in every place, without effect: %s', async (_name, value) => {
    const world = await aWorld();
    const { id } = await execute(world, {});
    await claim(world);
    const calls = places(world, id, value);
    expect(await outcomes(calls)).toEqual(allRefused(calls));
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    await world.agent.complete(id, { success: true }).expectOk();
    await expectPagesToWork(world, id);
  });

  it('is refused with its path', async () => {
    const { operator, action } = await aWorld();
    const rawBody = '{"payload":{"a":[1,{"b":"\\u0000"}]}}';
    expect(issuePaths(await operator.request('POST', action, { rawBody }))).toEqual(['payload.a.1.b']);
    const answer = await operator.request('POST', action, { rawBody: `{"payload":${DEEP_OBJECT}}` });
    expect(issuePaths(answer)[0]).toMatch(/^payload(?:\.a){60}/);
    expect(answer.text.length).toBeLessThan(1_000);
  });

  it('keeps keys that every object inherits, because they are the caller’s data', async () => {
    const world = await aWorld();
    const data = {
      constructor: { prototype: { polluted: true } },
      toString: 'x',
      valueOf: 1,
      prototype: [null],
    } as unknown as JsonObject;
    await world.agent
      .report([
        aReportedService({
          code: world.serviceCode,
          manifest: { kind: 'CapsuleService', ...data } as never,
          health: { status: 'UP', details: data },
          actions: [anAction({ name: 'anything', inputSchema: {} })],
        }),
      ])
      .expectOk();
    const { id } = await execute(world, data);
    expect((await claim(world)).payload).toEqual(data);
    await world.agent.complete(id, { success: true, data }).expectOk();

    const command = await world.operator.get(`/api/admin/commands/${id}`).expectOk<CommandDetail>();
    expect(command.result?.data).toEqual(data);
    const service = await world.operator
      .get(`/api/admin/capsule-services/${world.serviceId}`)
      .expectOk<CapsuleServiceDetail>();
    expect(service.manifest).toMatchObject(data);
    expect(service.health?.details).toEqual(data);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    await expectPagesToWork(world, id);
  });

  it('cannot disturb validation with such keys beside the fields', async () => {
    const { app, agent, operator } = await aWorld();
    for (const key of ['constructor', 'toString', 'hasOwnProperty', 'prototype']) {
      const body = { [key]: { a: 1 }, username: 'u', password: 'long enough', role: 'viewer' };
      expect(issuePaths(await (await app.signIn('owner')).post('/api/admin/users', body))).toContain(key);
      await agent
        .request('POST', '/heartbeat', { body: { [key]: { a: 1 }, health: { status: 'UP', [key]: 1 } } })
        .expectOk();
      const bad = { [key]: { a: 1 }, health: { status: 'FINE', [key]: 1 } };
      expect(issuePaths(await agent.request('POST', '/heartbeat', { body: bad }))).toEqual(['health.status']);
    }
    await operator.get('/api/admin/users').expectError(403, 'FORBIDDEN');
  });

  it('with lone surrogates causes no server error, and later lists still work', async () => {
    const world = await aWorld();
    const half = '\\ud83d';
    const { id } = await execute(world, {});
    await claim(world);
    const found = await outcomes(places(world, id, `{"k${half}":"x${half}"}`));
    expect(Object.values(found).filter((outcome) => /^5|unclean|no envelope/.test(outcome))).toEqual([]);
    await world.agent
      .request('POST', '/services/report', { rawBody: `{"services":[{"code":"half","name":"n${half}"}]}` })
      .expectOk();
    await expectPagesToWork(world, id);
  });

  // Each of these takes well under a second; quadratic work would take minutes.
  it.each<[string, string]>([
    ['numbers', `[${'0,'.repeat(1_900_000)}0]`],
    ['lists', `[${'[],'.repeat(1_200_000)}0]`],
    ['keys', `{${Array.from({ length: 250_000 }, (_, i) => `"k${i}":0`).join()}}`],
  ])(
    'does not block the server with a huge number of %s',
    async (_name, value) => {
      const { app, agent } = await aWorld();
      const bodies = [`{"extra":${value}}`, `{"services":${value}}`, `{"health":{"status":"UP","details":${value}}}`];
      for (const rawBody of bodies) {
        expect(refusalOf(await agent.request('POST', '/heartbeat', { rawBody }))).not.toMatch(/^5/);
      }
      await app.api.get('/health').expectOk();
    },
    30_000,
  );

  it('is refused when it contains more objects than validation accepts', async () => {
    const { agent } = await aWorld();
    const empty = (count: number): readonly Json[] => Array.from({ length: count }, () => ({}));
    const many = await agent.request('POST', '/services/report', { body: { services: empty(100_000) } });
    expect(issuePaths(many)).toEqual(['services']);
    const actions = Array.from({ length: 400 }, (_, i) => ({ name: `a${i}`, label: 'a' }));
    const services = Array.from({ length: 200 }, (_, i) => ({ code: `s${i}`, name: 'n', actions }));
    expect(issuePaths(await agent.request('POST', '/services/report', { body: { services } }))).toHaveLength(1);
  });
});
