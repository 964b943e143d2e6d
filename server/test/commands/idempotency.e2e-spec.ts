import type { Command, CommandId, ExecuteActionRequest } from '#contracts';
import { anAction, type ApiCall, type TestOperator } from '#testing';
import { Database } from '../../src/database/database.js';
import { IdempotencyKeyEntity } from '../../src/modules/commands/idempotency-key.entity.js';
import { GovernedService } from '../support/governed-service.js';
import { issuePaths } from '../support/refusal.js';
import { startTestApp, type TestApp } from '../support/start-test-app.js';
import { storedText } from '../support/stored-text.js';

const DAY_SECONDS = 86_400;
const REQUEST: ExecuteActionRequest = { payload: { text: 'hi' } };

let app: TestApp;
let governed: GovernedService;

beforeEach(async () => {
  app = await startTestApp({ config: { sessionTtlSeconds: 7 * DAY_SECONDS } });
  governed = await GovernedService.of(app, { actions: [anAction(), anAction({ name: 'other' })] });
});

interface Keyed {
  readonly as?: TestOperator;
  readonly action?: string;
  readonly body?: ExecuteActionRequest;
}

const executeWith = (key: string, { as = governed.operator, action = 'echo', body = REQUEST }: Keyed = {}): ApiCall =>
  as.request('POST', `${governed.path}/actions/${action}`, { body, headers: { 'idempotency-key': key } });

const retryWith = (key: string, id: CommandId): ApiCall =>
  governed.operator.request('POST', `/api/admin/commands/${id}/retry`, { headers: { 'idempotency-key': key } });

const aFailed = async (): Promise<CommandId> => {
  const { id } = await governed.running();
  await governed.agent.complete(id, { success: false }).expectOk();
  return id;
};

const keysStored = (): Promise<number> => app.nest.get(Database).manager().count(IdempotencyKeyEntity);

const commandsMade = async (): Promise<number> =>
  (await governed.operator.get('/api/admin/commands').expectPage<Command>()).pagination.total;

describe('the same request under the same key', () => {
  it('answers with the command it made, as it is by then, and audits nothing more', async () => {
    const made = await executeWith('k-1').expectOk<Command>();
    expect(await executeWith('k-1').expectOk<Command>()).toEqual(made);
    await governed.take();
    await governed.agent.complete(made.id, { success: true }).expectOk();
    const again = await executeWith('k-1').expectOk<Command>();
    expect(again).toMatchObject({ id: made.id, status: 'SUCCEEDED' });
    expect(await commandsMade()).toBe(1);
    expect(await app.auditEvents('command.created', 'service.action.requested')).toHaveLength(2);
  });

  it('is known whatever the order of its fields', async () => {
    const body = { confirmation: true, payload: { text: 'hi' } };
    const { id } = await executeWith('k-1', { body }).expectOk<Command>();
    const turned = { payload: { text: 'hi' }, confirmation: true };
    expect((await executeWith('k-1', { body: turned }).expectOk<Command>()).id).toBe(id);
  });

  it('answers the same when the command could not be created any more', async () => {
    const { id } = await executeWith('k-1').expectOk<Command>();
    await governed.operator.post(`/api/admin/agents/${governed.agent.id}/disable`).expectOk();
    await executeWith('k-2').expectError(409, 'AGENT_DISABLED');
    expect((await executeWith('k-1').expectOk<Command>()).id).toBe(id);
    await governed.operator.post(`/api/admin/agents/${governed.agent.id}/enable`).expectOk();
    await governed.agent.report([], true).expectOk();
    await executeWith('k-2').expectError(404, 'CAPSULE_SERVICE_NOT_FOUND');
    expect((await executeWith('k-1').expectOk<Command>()).id).toBe(id);
  });

  it('makes one command when it comes many times at once', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => executeWith('k-1').expectOk<Command>()));
    expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
    expect(await commandsMade()).toBe(1);
    expect(await app.auditEvents('command.created', 'service.action.requested')).toHaveLength(2);
  });

  it('retries a command once, however often it is said', async () => {
    const original = await aFailed();
    const retried = await retryWith('k-1', original).expectOk<Command>();
    expect(retried.retryOfCommandId).toBe(original);
    const answers = await Promise.all([1, 2, 3].map(() => retryWith('k-1', original).expectOk<Command>()));
    for (const answer of answers) expect(answer).toEqual(retried);
    expect(await governed.commandEvents(original, 'command.retried')).toHaveLength(1);
  });

  it('is a new one after a day, also for many at once, and not before', async () => {
    const { id } = await executeWith('k-1').expectOk<Command>();
    app.clock.stop();
    app.clock.advance(DAY_SECONDS - 60);
    expect((await executeWith('k-1').expectOk<Command>()).id).toBe(id);
    app.clock.advance(60);
    await governed.agent.heartbeat().expectOk();
    const answers = await Promise.all([1, 2, 3].map(() => executeWith('k-1').expectOk<Command>()));
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
    await executeWith('k-1').expectOk();
    await executeWith('k-1', other).expectError(422, 'IDEMPOTENCY_KEY_REUSED');
    expect(await commandsMade()).toBe(1);
  });

  it('is refused for another service, a retry, and another retry', async () => {
    const [first, second] = [await aFailed(), await aFailed()];
    const here = governed;
    await executeWith('k-1').expectOk();
    await retryWith('k-1', first).expectError(422, 'IDEMPOTENCY_KEY_REUSED');
    await retryWith('k-2', first).expectOk();
    await retryWith('k-2', second).expectError(422, 'IDEMPOTENCY_KEY_REUSED');
    governed = await GovernedService.of(app);
    await executeWith('k-1').expectError(422, 'IDEMPOTENCY_KEY_REUSED');
    expect(await here.commandEvents(second, 'command.retried')).toEqual([]);
  });

  it('is refused when two that differ come at once, but for one', async () => {
    const bodies = ['a', 'b', 'c', 'd'].map((text) => ({ payload: { text } }));
    const answers = await Promise.all(bodies.map((body) => executeWith('k-1', { body })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 422, 422, 422]);
    expect(await commandsMade()).toBe(1);
  });

  it('is no other request when another user makes it: keys are each user’s own', async () => {
    const mine = await executeWith('k-1').expectOk<Command>();
    const owner = await app.signIn('owner');
    const theirs = await executeWith('k-1', { as: owner, body: { payload: { text: 'ho' } } }).expectOk<Command>();
    expect(theirs).toMatchObject({ createdByUsername: 'owner', payload: { text: 'ho' } });
    expect(theirs.id).not.toBe(mine.id);
  });
});

describe('a key', () => {
  it('is not used up by a request that is refused', async () => {
    await executeWith('k-1', { body: { payload: { text: 1 } } }).expectError(422, 'ACTION_PAYLOAD_INVALID');
    const original = await governed.pending();
    await retryWith('k-1', original.id).expectError(409, 'COMMAND_NOT_RETRYABLE');
    expect(await keysStored()).toBe(0);
    await executeWith('k-1').expectOk();
  });

  it.each([
    ['nothing', ''],
    ['two words', 'with blank'],
    ['a letter that is not ASCII', 'é'],
    ['201 characters', 'k'.repeat(201)],
  ])('is refused when it is %s', async (_what, key) => {
    expect(issuePaths(await executeWith(key))).toEqual(['Idempotency-Key']);
    expect(issuePaths(await retryWith(key, await aFailed()))).toEqual(['Idempotency-Key']);
  });

  it('helps nobody who may not create the command', async () => {
    await executeWith('k-1').expectOk();
    const viewer = await app.signIn('viewer');
    await executeWith('k-1', { as: viewer }).expectError(403, 'FORBIDDEN');
  });

  it('is not needed', async () => {
    const [first, second] = [await governed.pending(), await governed.pending()];
    expect(first.id).not.toBe(second.id);
    expect(await keysStored()).toBe(0);
  });

  it('does not rest in the database, nor does the request it was for', async () => {
    const action = anAction({ name: 'login', inputSchema: undefined });
    governed = await GovernedService.of(app, { actions: [action] });
    const body = { payload: { password: 'canary-4711' } };
    const { id } = await executeWith('key-canary-0815', { action: 'login', body }).expectOk<Command>();
    expect((await executeWith('key-canary-0815', { action: 'login', body }).expectOk<Command>()).id).toBe(id);
    const other = { payload: { password: 'canary-4712' } };
    await executeWith('key-canary-0815', { action: 'login', body: other }).expectError(422, 'IDEMPOTENCY_KEY_REUSED');
    expect(await storedText(app)).not.toMatch(/canary-(?:4711|0815)/);
  });

  it('is forgotten after a day, by the maintenance', async () => {
    await executeWith('k-1').expectOk();
    app.clock.stop();
    app.clock.advance(3_600);
    await executeWith('k-2').expectError(409, 'AGENT_HEARTBEAT_STALE');
    await governed.agent.heartbeat().expectOk();
    await executeWith('k-2').expectOk();
    app.clock.advance(DAY_SECONDS - 3_600);
    await app.runMaintenance();
    expect(await keysStored()).toBe(1);
  });
});
