import { anAction } from '#testing';
import { WorkerPool } from '../../src/common/worker-pool.js';
import { GovernedService } from '../support/governed-service.js';
import { startTestApp } from '../support/start-test-app.js';

/** Resolves when the worker pool is first asked to run a task; the pool then works as always. */
const whenAWorkerIsAsked = (): Promise<void> =>
  new Promise((resolve) => {
    const run = Reflect.get(WorkerPool.prototype, 'run');
    jest.spyOn(WorkerPool.prototype, 'run').mockImplementation(function (this: WorkerPool<object>, ...task) {
      resolve();
      return run.apply(this, task);
    });
  });

describe('a service whose schema would keep the server busy (ASVS 5.0 15.2.2)', () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('keeps nobody waiting: another agent is heard, and written down, before its payload is refused', async () => {
    const app = await startTestApp();
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
    order.push('heard');
    await refused;
    expect(order).toEqual(['heard', 'refused']);
    const honest = { properties: { text: { type: 'string', pattern: '^[a-z]+$' } } };
    const service = await GovernedService.of(app, { actions: [anAction({ inputSchema: honest })] });
    await service.execute({ payload: { text: 'fine' } }).expectOk();
    await service.execute({ payload: { text: 'NOT' } }).expectError(422, 'ACTION_PAYLOAD_INVALID');
  });
});
