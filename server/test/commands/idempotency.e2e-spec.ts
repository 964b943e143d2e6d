import type { Command, CommandId, ExecuteActionRequest } from '#contracts';
import { aCode, anAction, type ApiCall, type TestOperator } from '#testing';
import { Database } from '../../src/database/database.js';
import { IdempotencyKeyEntity } from '../../src/modules/commands/create/idempotency-key.entity.js';
import { GovernedService } from '../support/governed-service.js';
import { issuePaths } from '../support/refusal.js';
import { startTestApp, type TestApp } from '../support/start-test-app.js';
import { storedText } from '../support/stored-text.js';

const DAY_SECONDS = 86_400;
const REQUEST: ExecuteActionRequest = { payload: { text: 'hi' } };

const ACTIONS = [anAction(), anAction({ name: 'other' })];

let app: TestApp;
let governed: GovernedService;
let key: string;

beforeAll(async () => {
  app = await startTestApp();
});

beforeEach(async () => {
  governed = await GovernedService.of(app, { actions: ACTIONS });
  key = aCode('key');
});

/** Starts a server whose clock stands still and can be moved by days. */
const governAlone = async (): Promise<TestApp> => {
  const own = await startTestApp({ config: { sessionTtlSeconds: 7 * DAY_SECONDS } });
  governed = await GovernedService.of(own, { actions: ACTIONS });
  own.clock.stop();
  return own;
};

interface Keyed {
  readonly as?: TestOperator;
  readonly action?: string;
  readonly body?: ExecuteActionRequest;
}

const executeWith = (
  headerKey: string,
  { as = governed.operator, action = 'echo', body = REQUEST }: Keyed = {},
): ApiCall =>
  as.request('POST', `${governed.path}/actions/${action}`, {
    body,
    headers: { 'idempotency-key': headerKey },
  });

const retryWith = (headerKey: string, id: CommandId): ApiCall =>
  governed.operator.request('POST', `/api/admin/commands/${id}/retry`, { headers: { 'idempotency-key': headerKey } });

const aFailed = async (): Promise<CommandId> => {
  const { id } = await governed.running();
  await governed.agent.complete(id, { success: false }).expectOk();
  return id;
};

const keysStored = (): Promise<number> => governed.app.nest.get(Database).count(IdempotencyKeyEntity, 'TRUE');

const commandsMade = async (): Promise<number> =>
  (await governed.operator.get(`/api/admin/commands?serviceId=${governed.service.id}`).expectPage<Command>()).pagination
    .total;

describe('the same request under the same key', () => {
  it('returns the command it created, as it is now, and audits nothing more', async () => {
    const made = await executeWith(key).expectOk<Command>();
    expect(await executeWith(key).expectOk<Command>()).toEqual(made);
    await governed.take();
    await governed.agent.complete(made.id, { success: true }).expectOk();
    const again = await executeWith(key).expectOk<Command>();
    expect(again).toMatchObject({ id: made.id, status: 'SUCCEEDED' });
    expect(await commandsMade()).toBe(1);
    expect(await governed.commandEvents(made.id, 'command.created')).toHaveLength(1);
    expect(await governed.events('service.action.requested')).toHaveLength(1);
  });

  it('is recognized whatever the order of its fields', async () => {
    const body = { confirmation: true, payload: { text: 'hi' } };
    const { id } = await executeWith(key, { body }).expectOk<Command>();
    const turned = { payload: { text: 'hi' }, confirmation: true };
    expect((await executeWith(key, { body: turned }).expectOk<Command>()).id).toBe(id);
  });

  it('returns the same when the command could no longer be created', async () => {
    const { id } = await executeWith(key).expectOk<Command>();
    await governed.operator.post(`/api/admin/agents/${governed.agent.id}/disable`).expectOk();
    await executeWith(`${key}-2`).expectError(409, 'AGENT_DISABLED');
    expect((await executeWith(key).expectOk<Command>()).id).toBe(id);
    await governed.operator.post(`/api/admin/agents/${governed.agent.id}/enable`).expectOk();
    await governed.agent.report([], true).expectOk();
    await executeWith(`${key}-2`).expectError(404, 'CAPSULE_SERVICE_NOT_FOUND');
    expect((await executeWith(key).expectOk<Command>()).id).toBe(id);
  });

  it('creates one command when it arrives many times at once', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => executeWith(key).expectOk<Command>()));
    expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
    expect(await commandsMade()).toBe(1);
    expect(await governed.commandEvents(answers[0]!.id, 'command.created')).toHaveLength(1);
    expect(await governed.events('service.action.requested')).toHaveLength(1);
  });

  it('retries a command once, however often it is sent', async () => {
    const original = await aFailed();
    const retried = await retryWith(key, original).expectOk<Command>();
    expect(retried.retryOfCommandId).toBe(original);
    const answers = await Promise.all([1, 2, 3].map(() => retryWith(key, original).expectOk<Command>()));
    for (const answer of answers) expect(answer).toEqual(retried);
    expect(await governed.commandEvents(original, 'command.retried')).toHaveLength(1);
  });

  it('is a new request after a day, also when many arrive at once, and not before', async () => {
    const { clock } = await governAlone();
    const { id } = await executeWith(key).expectOk<Command>();
    clock.advance(DAY_SECONDS - 60);
    expect((await executeWith(key).expectOk<Command>()).id).toBe(id);
    clock.advance(60);
    await governed.agent.heartbeat().expectOk();
    const answers = await Promise.all([1, 2, 3].map(() => executeWith(key).expectOk<Command>()));
    expect(new Set(answers.map((answer) => answer.id)).size).toBe(1);
    expect(answers[0]!.id).not.toBe(id);
  });
});

describe('another request under the same key', () => {
  it.each<[string, Keyed]>([
    ['another payload', { body: { payload: { text: 'ho' } } }],
    ['another confirmation', { body: { ...REQUEST, confirmation: true } }],
    ['another action', { action: 'other' }],
  ])('is refused: %s', async (_what, other) => {
    await executeWith(key).expectOk();
    await executeWith(key, other).expectError(422, 'IDEMPOTENCY_KEY_REUSED');
    expect(await commandsMade()).toBe(1);
  });

  it('is refused for another service, for a retry, and for another retry', async () => {
    const [first, second] = [await aFailed(), await aFailed()];
    const here = governed;
    await executeWith(key).expectOk();
    await retryWith(key, first).expectError(422, 'IDEMPOTENCY_KEY_REUSED');
    await retryWith(`${key}-2`, first).expectOk();
    await retryWith(`${key}-2`, second).expectError(422, 'IDEMPOTENCY_KEY_REUSED');
    governed = await GovernedService.of(app);
    await executeWith(key).expectError(422, 'IDEMPOTENCY_KEY_REUSED');
    expect(await here.commandEvents(second, 'command.retried')).toEqual([]);
  });

  it('is refused when different ones arrive at once, except for one', async () => {
    const bodies = ['a', 'b', 'c', 'd'].map((text) => ({ payload: { text } }));
    const answers = await Promise.all(bodies.map((body) => executeWith(key, { body })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 422, 422, 422]);
    expect(await commandsMade()).toBe(1);
  });

  it('is accepted from another user, because keys belong to their user', async () => {
    const mine = await executeWith(key).expectOk<Command>();
    const owner = await app.signIn('owner');
    const theirs = await executeWith(key, { as: owner, body: { payload: { text: 'ho' } } }).expectOk<Command>();
    expect(theirs).toMatchObject({ createdByUsername: 'owner', payload: { text: 'ho' } });
    expect(theirs.id).not.toBe(mine.id);
  });
});

describe('a key', () => {
  it('is not used up by a request that is refused', async () => {
    const before = await keysStored();
    await executeWith(key, { body: { payload: { text: 1 } } }).expectError(422, 'ACTION_PAYLOAD_INVALID');
    const original = await governed.pending();
    await retryWith(key, original.id).expectError(409, 'COMMAND_NOT_RETRYABLE');
    expect(await keysStored()).toBe(before);
    await executeWith(key).expectOk();
  });

  it.each([
    ['nothing', ''],
    ['two words', 'with blank'],
    ['a letter that is not ASCII', 'é'],
    ['201 characters', 'k'.repeat(201)],
  ])('is refused when it is %s', async (_what, bad) => {
    expect(issuePaths(await executeWith(bad))).toEqual(['Idempotency-Key']);
    expect(issuePaths(await retryWith(bad, await aFailed()))).toEqual(['Idempotency-Key']);
  });

  it('does not help a user who may not create the command', async () => {
    await executeWith(key).expectOk();
    const viewer = await app.signIn('viewer');
    await executeWith(key, { as: viewer }).expectError(403, 'FORBIDDEN');
  });

  it('is optional', async () => {
    const before = await keysStored();
    const [first, second] = [await governed.pending(), await governed.pending()];
    expect(first.id).not.toBe(second.id);
    expect(await keysStored()).toBe(before);
  });

  it('is not stored in the clear, nor is its request', async () => {
    const action = anAction({ name: 'login', inputSchema: undefined });
    governed = await GovernedService.of(app, { actions: [action] });
    const secretKey = 'key-canary-0815';
    const body = { payload: { password: 'canary-4711' } };
    const { id } = await executeWith(secretKey, { action: 'login', body }).expectOk<Command>();
    expect((await executeWith(secretKey, { action: 'login', body }).expectOk<Command>()).id).toBe(id);
    const other = { payload: { password: 'canary-4712' } };
    await executeWith(secretKey, { action: 'login', body: other }).expectError(422, 'IDEMPOTENCY_KEY_REUSED');
    expect(await storedText(app)).not.toMatch(/canary-(?:4711|0815)/);
  });

  it('is deleted by maintenance after a day', async () => {
    const own = await governAlone();
    await executeWith(key).expectOk();
    own.clock.advance(3_600);
    await governed.agent.heartbeat().expectOk();
    await executeWith(`${key}-2`).expectOk();
    own.clock.advance(DAY_SECONDS - 3_600);
    await own.runMaintenance();
    expect(await keysStored()).toBe(1);
  });
});
