import type { Command, ReportedAction, ValidationIssue } from '#contracts';
import { anAction } from '#testing';
import { GovernedService } from '../support/governed-service.js';
import { anId, anInstant } from '../support/matchers.js';
import { startTestApp, type TestApp } from '../support/start-test-app.js';

const ACTIONS: readonly ReportedAction[] = [
  anAction(),
  anAction({ name: 'off', enabled: false, requiresConfirmation: true }),
  anAction({ name: 'guarded', requiresConfirmation: true }),
  anAction({ name: 'quick', inputSchema: undefined, timeoutSeconds: 10 }),
];

describe('creating a command', () => {
  let app: TestApp;
  let governed: GovernedService;

  beforeAll(async () => {
    app = await startTestApp();
    governed = await GovernedService.of(app, { actions: ACTIONS });
  });

  it('returns the pending command, and audits the request and the command', async () => {
    const command = await governed.pending();
    expect(command).toEqual({
      id: anId('cmd'),
      type: 'ACTION_EXECUTE',
      status: 'PENDING',
      serviceId: governed.service.id,
      serviceCode: governed.service.code,
      serviceName: governed.service.name,
      agentId: governed.agent.id,
      agentName: 'An agent',
      actionName: 'echo',
      actionLabel: 'Echo',
      payload: { text: 'hi' },
      createdByUserId: governed.operator.session.user.id,
      createdByUsername: 'operator',
      retryOfCommandId: null,
      createdAt: anInstant(),
      startedAt: null,
      completedAt: null,
      expiresAt: anInstant(),
      durationMs: null,
      errorCode: null,
      errorMessage: null,
    });
    const events = await app.auditEvents('command.created', 'service.action.requested');
    expect(events.find(({ targetId }) => targetId === command.id)).toMatchObject({
      action: 'command.created',
      actorName: 'operator',
      targetType: 'Command',
    });
    expect(events.find(({ metadata }) => metadata.commandId === command.id)).toMatchObject({
      action: 'service.action.requested',
      targetId: governed.service.id,
    });
  });

  it.each([
    ['a service that does not exist before anything else', 'svc_nothing', 'off', {}, 404, 'CAPSULE_SERVICE_NOT_FOUND'],
    ['an action that is not declared', null, 'nothing', {}, 404, 'ACTION_NOT_FOUND'],
    ['a disabled action before its confirmation', null, 'off', {}, 403, 'ACTION_DISABLED'],
    ['a missing confirmation before the payload', null, 'guarded', {}, 409, 'ACTION_REQUIRES_CONFIRMATION'],
    ['an invalid payload', null, 'guarded', { confirmation: true }, 422, 'ACTION_PAYLOAD_INVALID'],
  ] as const)('refuses %s', async (_what, id, action, request, status, code) => {
    const path = `/api/admin/capsule-services/${id ?? governed.service.id}/actions/${action}`;
    await governed.operator.post(path, request).expectError(status, code);
  });

  it('refuses an invalid payload before it looks at the agent, and names each field', async () => {
    const other = await GovernedService.of(app);
    await other.operator.post(`/api/admin/agents/${other.agent.id}/disable`).expectOk();
    const error = await other
      .execute({ payload: { text: 'x'.repeat(101), extra: 1 } })
      .expectError(422, 'ACTION_PAYLOAD_INVALID');
    const { issues } = error.details as { issues: readonly ValidationIssue[] };
    expect(issues.map(({ path }) => path).sort()).toEqual(['extra', 'text']);
    await other.execute().expectError(409, 'AGENT_DISABLED');
  });

  it.each([
    ['revoked', 'revoke', 'AGENT_REVOKED'],
    ['disabled', 'disable', 'AGENT_DISABLED'],
  ] as const)('refuses a command for an agent that was %s', async (_what, act, code) => {
    const other = await GovernedService.of(app);
    await other.operator.post(`/api/admin/agents/${other.agent.id}/${act}`).expectOk();
    await other.execute().expectError(409, code);
  });

  it('refuses a command for an agent that is silent, and later offline', async () => {
    const own = await startTestApp();
    const other = await GovernedService.of(own);
    own.clock.advance(91);
    await other.execute().expectError(409, 'AGENT_HEARTBEAT_STALE');
    await own.runMaintenance();
    await other.execute().expectError(409, 'AGENT_OFFLINE');
    await other.agent.heartbeat().expectOk();
    await other.pending();
  });

  it("lets a command wait as long as the server's default says, whatever its action's timeout", async () => {
    const lifeOf = ({ createdAt, expiresAt }: Command): number => Date.parse(expiresAt) - Date.parse(createdAt);
    expect(lifeOf(await governed.pending({}, 'quick'))).toBe(300_000);
    expect(lifeOf(await governed.pending())).toBe(300_000);
  });

  it('refuses every payload for a schema that cannot be used', async () => {
    const broken = anAction({ inputSchema: { type: 'object', properties: { a: { $ref: 'https://example.org/x' } } } });
    const other = await GovernedService.of(app, { actions: [broken] });
    await other.execute({ payload: { a: 1 } }).expectError(422, 'ACTION_PAYLOAD_INVALID');
  });

  it('refuses a malformed request', async () => {
    await governed.execute({ payload: 'text' as never }).expectError(422, 'VALIDATION_FAILED');
    await governed.execute({ confirmation: 'yes' as never }).expectError(422, 'VALIDATION_FAILED');
    await governed.execute({ mine: true } as never).expectError(422, 'VALIDATION_FAILED');
    await governed.execute({ prepareCommandId: 'cmd_nothing' }).expectError(422, 'VALIDATION_FAILED');
  });
});
