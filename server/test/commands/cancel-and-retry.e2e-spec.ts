import type { Command, CommandDetail, CommandId, HeartbeatResponse } from '#contracts';
import { anAction, aReportedService } from '#testing';
import { GovernedService } from '../support/governed-service.js';
import { startTestApp, type TestApp } from '../support/start-test-app.js';

const UNKNOWN: CommandId = 'cmd_01ARZ3NDEKTSV4RRFFQ69G5FAV';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});

const cancelledIds = async ({ agent }: GovernedService): Promise<readonly CommandId[] | undefined> =>
  (await agent.heartbeat().expectOk<HeartbeatResponse>()).cancelledCommandIds;

describe('cancelling a command', () => {
  it('is announced with each heartbeat for ten minutes to the agent that runs it, and to no other', async () => {
    const [governed, other] = [await GovernedService.of(app), await GovernedService.of(app)];
    const running = await governed.running();
    const waiting = await governed.pending();
    expect(await cancelledIds(governed)).toEqual([]);
    await governed.cancel(running.id).expectOk();
    await governed.cancel(waiting.id).expectOk();
    for (let i = 0; i < 2; i += 1) expect(await cancelledIds(governed)).toEqual([running.id]);
    expect(await cancelledIds(other)).toEqual([]);
    app.clock.advance(601);
    expect(await cancelledIds(governed)).toEqual([]);
  });

  it('is audited once, with whether the command had been delivered, however often it is requested at once', async () => {
    const governed = await GovernedService.of(app);
    const running = await governed.running();
    const waiting = await governed.pending();
    const answers = await Promise.all([1, 2, 3].map(() => governed.cancel(running.id).expectOk<CommandDetail>()));
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    await governed.cancel(waiting.id).expectOk();
    const actor = { actorType: 'USER', actorId: governed.operator.session.user.id, targetType: 'Command' };
    expect(await governed.commandEvents(running.id, 'command.cancelled')).toMatchObject([
      { ...actor, metadata: { actionName: 'echo', wasDelivered: true } },
    ]);
    expect(await governed.commandEvents(waiting.id, 'command.cancelled')).toMatchObject([
      { ...actor, metadata: { wasDelivered: false } },
    ]);
  });

  it('leaves one final status when the agent claims and answers the command at the same time', async () => {
    const governed = await GovernedService.of(app);
    const { agent } = governed;
    const ids = await Promise.all(Array.from({ length: 10 }, async () => (await governed.pending()).id));
    const runAll = async (): Promise<void> => {
      const taken = await agent.poll();
      await Promise.all(taken.map(({ id }) => agent.complete(id, { success: true })));
    };
    await Promise.all([runAll(), ...ids.map((id) => governed.cancel(id))]);
    const ends = await app.auditEvents('command.cancelled', 'command.completed', 'command.failed');
    for (const id of ids) {
      const { status, result } = await governed.command(id);
      const own = ends.filter(({ targetId }) => targetId === id).map(({ action }) => action);
      expect(own).toEqual([status === 'CANCELLED' ? 'command.cancelled' : 'command.completed']);
      expect(result?.late ?? status === 'CANCELLED').toBe(status === 'CANCELLED');
    }
  });
});

describe('retrying a command', () => {
  it('creates a new command with the same content for the user who retries', async () => {
    const governed = await GovernedService.of(app);
    const original = await governed.running({ text: 'again' });
    await governed.agent.complete(original.id, { success: false }).expectOk();
    const owner = await app.signIn('owner');
    const retried = await owner.post(`/api/admin/commands/${original.id}/retry`).expectOk<Command>();
    expect(retried).toMatchObject({
      type: 'ACTION_EXECUTE',
      status: 'PENDING',
      payload: { text: 'again' },
      retryOfCommandId: original.id,
      createdByUsername: 'owner',
    });
    expect(retried.id).not.toBe(original.id);
    expect((await governed.command(original.id)).status).toBe('FAILED');
    expect((await governed.agent.poll()).map(({ id }) => id)).toEqual([retried.id]);
    expect(await governed.commandEvents(original.id, 'command.retried')).toMatchObject([
      { actorName: 'owner', targetType: 'Command', metadata: { actionName: 'echo', newCommandId: retried.id } },
    ]);
    expect(await governed.commandEvents(retried.id, 'command.created')).toMatchObject([
      { metadata: { retryOfCommandId: original.id } },
    ]);
  });

  it('accepts one that was cancelled or has expired', async () => {
    const governed = await GovernedService.of(app);
    const [cancelled, expired] = [await governed.pending(), await governed.pending()];
    await governed.cancel(cancelled.id).expectOk();
    app.clock.advance(300);
    await app.runMaintenance();
    await governed.agent.heartbeat().expectOk();
    await governed.retry(cancelled.id).expectOk();
    await governed.retry(expired.id).expectOk();
  });

  it('refuses one that is open, succeeded, was a prepare, or does not exist', async () => {
    const governed = await GovernedService.of(app);
    const { id } = await governed.pending();
    await governed.retry(id).expectError(409, 'COMMAND_NOT_RETRYABLE');
    await governed.take();
    await governed.retry(id).expectError(409, 'COMMAND_NOT_RETRYABLE');
    await governed.agent.complete(id, { success: true }).expectOk();
    await governed.retry(id).expectError(409, 'COMMAND_NOT_RETRYABLE');
    const preparing = governed.prepare();
    const prepare = await governed.take();
    await governed.agent.complete(prepare.id, { success: false }).expectOk();
    await preparing;
    await governed.retry(prepare.id).expectError(409, 'COMMAND_NOT_RETRYABLE');
    await governed.retry(UNKNOWN).expectError(404, 'COMMAND_NOT_FOUND');
  });

  it('refuses one that carried secrets, because they are erased', async () => {
    const governed = await GovernedService.of(app, { actions: [{ name: 'echo', label: 'Echo' }] });
    const { id } = await governed.running({ user: 'u', password: 'p' });
    await governed.agent.complete(id, { success: false }).expectOk();
    await governed.retry(id).expectError(409, 'COMMAND_NOT_RETRYABLE');
  });

  it('repeats the checks whose outcome may have changed since', async () => {
    const governed = await GovernedService.of(app);
    const { agent, service } = governed;
    const { id } = await governed.pending();
    await governed.cancel(id).expectOk();
    const report = (changes: object): Promise<unknown> =>
      agent.reportService(aReportedService({ code: service.code, actions: [anAction(changes)] }));
    await report({ inputSchema: { required: ['other'] } });
    await governed.retry(id).expectError(422, 'ACTION_PAYLOAD_INVALID');
    await report({ enabled: false });
    await governed.retry(id).expectError(403, 'ACTION_DISABLED');
    await report({ name: 'renamed' });
    await governed.retry(id).expectError(404, 'ACTION_NOT_FOUND');
    await agent.report([], true).expectOk();
    await governed.retry(id).expectError(404, 'CAPSULE_SERVICE_NOT_FOUND');
    expect(await governed.commandEvents(id, 'command.retried')).toEqual([]);
  });
});

const END_ACTIONS = ['command.cancelled', 'command.completed', 'command.failed', 'system.command.expired'] as const;

describe('the end of a command', () => {
  it('shows after an expiry whether the command may have run', async () => {
    const own = await startTestApp();
    const governed = await GovernedService.of(own);
    const taken = await governed.running();
    const waiting = await governed.pending();
    own.clock.advance(305);
    expect(await own.runMaintenance()).toMatchObject({ expiredCommands: 2 });
    expect(await governed.command(taken.id)).toMatchObject({ status: 'EXPIRED', errorCode: 'COMMAND_OUTCOME_UNKNOWN' });
    expect(await governed.command(waiting.id)).toMatchObject({ status: 'EXPIRED', errorCode: 'COMMAND_NOT_DELIVERED' });
    expect(await own.runMaintenance()).toMatchObject({ expiredCommands: 0 });
  });

  it('can be a cancellation, which can be repeated, but not after another end', async () => {
    const governed = await GovernedService.of(app);
    const waiting = await governed.pending();
    expect(await governed.cancel(waiting.id).expectOk<CommandDetail>()).toMatchObject({ status: 'CANCELLED' });
    expect(await governed.cancel(waiting.id).expectOk<CommandDetail>()).toMatchObject({ status: 'CANCELLED' });
    expect(await governed.commandEvents(waiting.id, 'command.cancelled')).toHaveLength(1);
    const done = await governed.running();
    await governed.agent.complete(done.id, { success: true }).expectOk();
    await governed.cancel(done.id).expectError(409, 'COMMAND_ALREADY_COMPLETED');
    await governed.operator.post('/api/admin/commands/cmd_nothing/cancel').expectError(404, 'COMMAND_NOT_FOUND');
  });

  it('is one valid status, audited once, when creation, poll, cancellation, result and expiry race', async () => {
    const governed = await GovernedService.of(app);
    const older = await Promise.all(Array.from({ length: 8 }, () => governed.pending()));
    expect(await governed.agent.poll()).toHaveLength(8);
    app.clock.advance(305);
    const acts = older.flatMap(({ id }) => [governed.cancel(id), governed.agent.complete(id, { success: true })]);
    const [created] = await Promise.all([
      governed.agent
        .heartbeat()
        .expectOk()
        .then(() => governed.pending()),
      app.runMaintenance(),
      ...acts,
    ]);
    await governed.agent.poll();
    await governed.cancel(created.id).expectOk();
    const events = await app.auditEvents(...END_ACTIONS);
    for (const command of [...older, created]) {
      expect(['CANCELLED', 'EXPIRED']).toContain((await governed.command(command.id)).status);
      expect(events.filter(({ targetId }) => targetId === command.id)).toHaveLength(1);
    }
  });

  it('allows a retry of a command that failed, expired or was cancelled, with the same checks', async () => {
    const governed = await GovernedService.of(app);
    const failed = await governed.running();
    await governed.retry(failed.id).expectError(409, 'COMMAND_NOT_RETRYABLE');
    await governed.agent.complete(failed.id, { success: false }).expectOk();
    const again = await governed.retry(failed.id).expectOk<Command>();
    expect(again).toMatchObject({ status: 'PENDING', retryOfCommandId: failed.id, payload: failed.payload });
    await governed.agent.poll();
    await governed.agent.complete(again.id, { success: true }).expectOk();
    await governed.retry(again.id).expectError(409, 'COMMAND_NOT_RETRYABLE');
    const [event] = await app.auditEvents('command.retried');
    expect(event).toMatchObject({ targetId: failed.id, metadata: { newCommandId: again.id } });
    await governed.operator.post(`/api/admin/agents/${governed.agent.id}/disable`).expectOk();
    await governed.retry(failed.id).expectError(409, 'AGENT_DISABLED');
    await governed.operator.post('/api/admin/commands/cmd_nothing/retry').expectError(404, 'COMMAND_NOT_FOUND');
  });
});
