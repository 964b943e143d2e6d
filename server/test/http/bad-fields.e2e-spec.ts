import { MAX_PASSWORD_LENGTH, type ReportServicesResponse } from '#contracts';
import { anAction, aReportedService, anAgentDescription, type ApiAnswer } from '#testing';
import { issuePaths } from '../support/refusal.js';
import { startTestApp, type TestApp } from '../support/start-test-app.js';

type Fields = Readonly<Record<string, readonly unknown[]>>;

const NOT_TEXT = [5, true, [], {}, ['a']];
const NOT_FLAG = ['true', 1, [], {}];
const NOT_WHOLE = ['5', 1.5, true, [], {}, -1e9, 1e9];
const NOT_OBJECT = ['a', 5, true, [], [{}]];
const NOT_LIST = ['a', 5, true, {}];
const long = (length: number): string => 'x'.repeat(length + 1);
/** As long as `length` for class-validator, which ignores variation selectors, but too long for PostgreSQL. */
const selected = (length: number): string => 'a\uFE0F'.repeat(length);

/** The body with one field set, at a dotted path. */
const withField = (body: unknown, path: string, value: unknown): unknown => {
  const copy = structuredClone(body) as Record<string, unknown>;
  const keys = path.split('.');
  const last = keys.pop()!;
  const parent = keys.reduce<Record<string, unknown>>((at, key) => at[key] as Record<string, unknown>, copy);
  parent[last] = value;
  return copy;
};

/** What an answer names: the issues of a 422; or the warnings of an agent's request that counts all the same, and rejected services. */
const namedPaths = (answer: ApiAnswer): readonly string[] => {
  if (answer.status === 422) return issuePaths(answer);
  if (answer.status !== 200) return [];
  const { data } = answer.json<{ data: Partial<ReportServicesResponse> }>();
  const rejected = (data.rejected ?? []).map(() => 'services');
  return [...(data.warnings ?? []).map(({ path }) => path), ...rejected];
};

const isWithin = (one: string, other: string): boolean => one === other || one.startsWith(`${other}.`);

/** Sends the body with each bad value in each field; returns the requests whose issues named another field. */
const triesThatSlippedThrough = async (
  send: (body: unknown) => PromiseLike<ApiAnswer>,
  body: unknown,
  fields: Fields,
): Promise<readonly string[]> => {
  const slipped: string[] = [];
  for (const [path, values] of Object.entries(fields)) {
    for (const value of values) {
      const answer = await send(withField(body, path, value));
      const paths = namedPaths(answer);
      const isAboutIt = paths.length > 0 && paths.every((named) => isWithin(named, path) || isWithin(path, named));
      if (!isAboutIt) slipped.push(`${path} = ${JSON.stringify(value).slice(0, 60)}: ${answer.text.slice(0, 200)}`);
    }
  }
  return slipped;
};

describe('a field of the wrong type or size is named: with 422, or with what of an agent was kept', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await startTestApp();
  });

  it('in a sign-in', async () => {
    const body = { username: 'owner', password: 'x' };
    const fields = { username: [...NOT_TEXT, null, '', long(1_000)], password: [...NOT_TEXT, null, '', long(1_000)] };
    const send = (bad: unknown) => app.api.post('/api/admin/auth/login', bad);
    expect(await triesThatSlippedThrough(send, body, fields)).toEqual([]);
  });

  it('in users and their passwords', async () => {
    const owner = await app.signIn('owner');
    const { id } = (await app.signIn('viewer')).session.user;
    const create = { username: 'new', password: 'long enough password', role: 'viewer', displayName: 'New' };
    const password = [...NOT_TEXT, null, '', 'short', long(MAX_PASSWORD_LENGTH)];
    const fields = {
      username: [...NOT_TEXT, null, '', 'a b', 'ä', long(80)],
      password,
      role: [...NOT_TEXT, null, '', 'admin', 'OWNER', 'constructor'],
      displayName: [...NOT_TEXT, '', long(200), selected(200)],
      unknown: [1],
    };
    const slipped = [
      ...(await triesThatSlippedThrough((bad) => owner.post('/api/admin/users', bad), create, fields)),
      ...(await triesThatSlippedThrough(
        (bad) => owner.patch(`/api/admin/users/${id}`, bad),
        {},
        {
          role: fields.role,
          status: [...NOT_TEXT, null, 'active', 'DELETED'],
          displayName: fields.displayName,
          username: ['other'],
          password: ['another password'],
        },
      )),
      ...(await triesThatSlippedThrough(
        (bad) => owner.post(`/api/admin/users/${id}/reset-password`, bad),
        {},
        { newPassword: password },
      )),
      ...(await triesThatSlippedThrough(
        (bad) => owner.post('/api/admin/auth/password', bad),
        { currentPassword: 'x', newPassword: 'long enough password' },
        { currentPassword: [...NOT_TEXT, null, ''], newPassword: password },
      )),
    ];
    expect(slipped).toEqual([]);
  });

  it('in registration tokens and settings', async () => {
    const owner = await app.signIn('owner');
    const token = {
      name: [...NOT_TEXT, '', long(200), selected(200)],
      expiresInSeconds: [...NOT_WHOLE, 59, 0],
      agentCode: [...NOT_TEXT, '', 'Upper', '-a', long(80)],
      allowedCidrs: [...NOT_LIST, [5], [null], ['10.0.0.0/33'], [['10.0.0.0/8']], Array(60).fill('::1')],
      unknown: [1],
    };
    const settings = {
      agentOfflineThresholdSeconds: [...NOT_WHOLE, null, 0],
      auditRetentionDays: [...NOT_WHOLE, null, -1],
      maintenanceIntervalSeconds: [...NOT_WHOLE, null, -1],
      unknown: [1],
    };
    const slipped = [
      ...(await triesThatSlippedThrough((bad) => owner.post('/api/admin/registration-tokens', bad), {}, token)),
      ...(await triesThatSlippedThrough((bad) => owner.patch('/api/admin/settings/maintenance', bad), {}, settings)),
    ];
    expect(slipped).toEqual([]);
  });

  it('in the run of an action', async () => {
    const operator = await app.signIn('operator');
    const service = await (await app.enrolAgent()).reportService(aReportedService());
    const send = (bad: unknown) => operator.post(`/api/admin/capsule-services/${service.id}/actions/echo`, bad);
    const body = { payload: { text: 'hi' } };
    const fields = {
      payload: NOT_OBJECT,
      confirmation: NOT_FLAG,
      prepareCommandId: [...NOT_TEXT, long(80)],
      unknown: [1],
    };
    expect(await triesThatSlippedThrough(send, body, fields)).toEqual([]);
  });

  it('in a registration, which then does not consume the token', async () => {
    const operator = await app.signIn('operator');
    const { token } = await operator.createToken();
    const body = { registrationToken: token, agent: anAgentDescription(), service: aReportedService() };
    const text = (max: number) => [...NOT_TEXT, long(max)];
    const fields = {
      registrationToken: [...NOT_TEXT, null, '', long(200)],
      agent: [...NOT_OBJECT, null],
      'agent.code': [...NOT_TEXT, null, '', 'Upper', '-a', 'a b', long(80)],
      'agent.name': [...text(200), ''],
      'agent.mode': [...NOT_TEXT, 'EMBEDDED', 'toString'],
      'agent.runtime': text(80),
      'agent.version': text(80),
      'agent.hostname': text(255),
      'agent.os': text(80),
      'agent.arch': text(80),
      service: NOT_OBJECT,
      'service.code': [...NOT_TEXT, null, '', 'Upper'],
    };
    const send = (bad: unknown) => app.api.post('/api/agents/register', bad);
    expect(await triesThatSlippedThrough(send, body, fields)).toEqual([]);
    await app.api.post('/api/agents/register', body).expectOk();
  });

  it('in a report', async () => {
    const agent = await app.enrolAgent();
    const service = {
      ...aReportedService({ code: 'bad', actions: [anAction()] }),
      manifest: { kind: 'CapsuleService' },
      configs: [{ key: 'k', type: 'string' }],
    };
    const text = (max: number) => [...NOT_TEXT, long(max)];
    const health = { status: [...NOT_TEXT, null, 'up', 'HEALTHY'], message: text(2_000), details: NOT_OBJECT };
    const inService: Fields = {
      code: [...NOT_TEXT, null, '', 'Upper', long(80)],
      name: [...text(200), null, '', selected(200)],
      description: text(2_000),
      version: text(80),
      runtime: text(80),
      manifest: [...NOT_OBJECT, { kind: 'Other' }, { code: 'another' }],
      health: NOT_OBJECT,
      ...Object.fromEntries(Object.entries(health).map(([key, values]) => [`health.${key}`, values])),
      configs: [...NOT_LIST, [null], [5], [[]], [{}]],
      'configs.0.key': [...text(200), null, ''],
      'configs.0.type': [...text(80), null, ''],
      'configs.0.editable': NOT_FLAG,
      'configs.0.sensitive': NOT_FLAG,
      'configs.0.secretRef': text(500),
      'configs.0.valuePreview': [long(10_000)],
      actions: [...NOT_LIST, [null], [5], [[]], [{}], [anAction(), anAction()]],
      'actions.0.name': [...text(120), null, '', 'a b', '-a', 'a/b'],
      'actions.0.label': [...text(200), null, '', selected(200)],
      'actions.0.order': NOT_WHOLE,
      'actions.0.dangerLevel': [...NOT_TEXT, 'low'],
      'actions.0.requiresConfirmation': NOT_FLAG,
      'actions.0.inputSchema': [...NOT_OBJECT, { a: long(100_000) }],
      'actions.0.timeoutSeconds': [...NOT_WHOLE, 0],
      'actions.0.enabled': NOT_FLAG,
    };
    const fields = Object.fromEntries(Object.entries(inService).map(([key, values]) => [`services.0.${key}`, values]));
    const body = { services: [service], complete: true };
    const send = (bad: unknown) => agent.request('POST', '/services/report', { body: bad });
    const ofList = { services: [...NOT_LIST, null, [null], [5], [[]], [{}], [service, service]], complete: NOT_FLAG };
    expect(await triesThatSlippedThrough(send, body, { ...ofList, ...fields })).toEqual([]);
  });

  it('in a heartbeat', async () => {
    const agent = await app.enrolAgent();
    const beat = { health: { status: 'UP' }, services: [{ code: 'a', health: { status: 'UP' } }] };
    const beatFields = {
      serviceId: NOT_TEXT,
      health: NOT_OBJECT,
      'health.status': [...NOT_TEXT, null, 'up'],
      services: [...NOT_LIST, [null], [[]], [{}]],
      'services.0.code': [...NOT_TEXT, null, ''],
      'services.0.health': [...NOT_OBJECT, null],
    };
    const send = (bad: unknown) => agent.request('POST', '/heartbeat', { body: bad });
    expect(await triesThatSlippedThrough(send, beat, beatFields)).toEqual([]);
  });
});
