import type { AgentCommand, Command, PreparedAction } from '#contracts';
import { anAction, eventually } from '#testing';
import { GovernedService } from '../support/governed-service.js';
import { startTestApp, type TestApp } from '../support/start-test-app.js';

describe('preparing an action', () => {
  let app: TestApp;
  let governed: GovernedService;

  beforeAll(async () => {
    app = await startTestApp();
    governed = await GovernedService.of(app, { actions: [anAction({ inputSchema: undefined })] });
  });

  const path = () => `/api/admin/capsule-services/${governed.service.id}/actions/echo`;

  /** Waits for the running prepare. */
  const takePrepare = async (): Promise<AgentCommand> => {
    const found: AgentCommand[] = [];
    await eventually('the prepare comes', async () => {
      found.push(...(await governed.agent.poll()).filter(({ type }) => type === 'ACTION_PREPARE'));
      return found.length > 0;
    });
    return found[0]!;
  };

  const isRequested = (own: TestApp): Promise<true> =>
    eventually('the prepare is requested', async () => {
      const events = await own.auditEvents('service.action.prepare_requested');
      return events.length > 0;
    });

  it('returns what the agent prepared, and applies its schema to the payload', async () => {
    const preparing = governed.operator.get(path()).expectOk<PreparedAction>();
    const prepare = await takePrepare();
    const inputSchema = { type: 'object', properties: { size: { type: 'integer' } }, required: ['size'] };
    const data = { initialPayload: { size: 3 }, currentState: { size: 2 }, inputSchema };
    await governed.agent.complete(prepare.id, { success: true, data }).expectOk();
    const prepared = await preparing;
    expect(prepared).toMatchObject({
      action: { name: 'echo', inputSchema },
      initialPayload: { size: 3 },
      currentState: { size: 2 },
      prepareCommand: { id: prepare.id, type: 'ACTION_PREPARE', status: 'SUCCEEDED' },
    });
    const prepareCommandId = prepare.id;
    await governed.execute({ prepareCommandId, payload: {} }).expectError(422, 'ACTION_PAYLOAD_INVALID');
    await governed.execute({ prepareCommandId, payload: { size: 5 } }).expectOk<Command>();
  });

  it('is audited as a request of its user, and as a command that expires when the request times out', async () => {
    const preparing = governed.operator.get(path()).expectOk<PreparedAction>();
    const { id } = await takePrepare();
    await governed.agent.complete(id, { success: true }).expectOk();
    expect(await preparing).toMatchObject({
      initialPayload: {},
      currentState: null,
      prepareCommand: { id, payload: {} },
    });
    const events = await app.auditEvents('service.action.prepare_requested', 'command.created');
    const actor = { actorType: 'USER', actorId: governed.operator.session.user.id, result: 'SUCCESS' };
    expect(events.slice(0, 2)).toMatchObject([
      {
        ...actor,
        action: 'service.action.prepare_requested',
        targetType: 'CapsuleService',
        targetId: governed.service.id,
        metadata: { actionName: 'echo', commandId: id },
      },
      { ...actor, action: 'command.created', targetId: id, metadata: { type: 'ACTION_PREPARE' } },
    ]);
  });

  it('returns the reason of a failure', async () => {
    const preparing = governed.operator.get(path()).expectError(424, 'ACTION_PREPARE_FAILED');
    const prepare = await takePrepare();
    const error = { code: 'NO_DATA', message: 'There is nothing to choose from.' };
    await governed.agent.complete(prepare.id, { success: false, error }).expectOk();
    expect((await preparing).details).toEqual({
      commandId: prepare.id,
      commandStatus: 'FAILED',
      status: 'FAILED',
      actionName: 'echo',
      agentId: governed.agent.id,
      serviceId: governed.service.id,
      errorCode: 'NO_DATA',
      errorMessage: error.message,
    });
    await governed.execute({ prepareCommandId: prepare.id }).expectError(422, 'VALIDATION_FAILED');
  });

  it('ends at once when it is cancelled', async () => {
    const preparing = governed.operator.get(path()).expectError(424, 'ACTION_PREPARE_FAILED');
    const { id } = await takePrepare();
    await governed.operator.post(`/api/admin/commands/${id}/cancel`).expectOk();
    expect((await preparing).details).toMatchObject({ status: 'CANCELLED' });
  });

  it('ends when maintenance expires its command', async () => {
    const own = await startTestApp();
    const other = await GovernedService.of(own);
    const preparing = other.operator
      .get(`/api/admin/capsule-services/${other.service.id}/actions/echo`)
      .expectError(408, 'ACTION_PREPARE_TIMEOUT');
    await isRequested(own);
    own.clock.advance(30);
    await own.runMaintenance();
    const { details } = await preparing;
    expect(details).toMatchObject({
      commandStatus: 'EXPIRED',
      actionName: 'echo',
      agentId: other.agent.id,
      serviceId: other.service.id,
      errorCode: 'COMMAND_NOT_DELIVERED',
    });
  });

  it('is refused for a cross-site request and for HEAD, without creating a command', async () => {
    const before = (await governed.operator.get('/api/admin/commands').expectPage()).pagination.total;
    const headers = { 'sec-fetch-site': 'cross-site' };
    expect(await governed.operator.request('HEAD', path())).toMatchObject({ status: 405 });
    await governed.operator.get(path(), { headers }).expectError(403, 'CROSS_SITE_REQUEST');
    const after = (await governed.operator.get('/api/admin/commands').expectPage()).pagination.total;
    expect(after).toBe(before);
  });

  it('is released when the server shuts down', async () => {
    const own = await startTestApp();
    const other = await GovernedService.of(own);
    const preparing = other.operator
      .get(`/api/admin/capsule-services/${other.service.id}/actions/echo`)
      .expectError(503, 'SERVICE_UNAVAILABLE');
    await isRequested(own);
    await own.nest.close();
    await preparing;
  });
});
