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
  it('tells the agent that runs it with each heartbeat for a while, and nobody else', async () => {
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

  it('is audited with whether it had been delivered, however often and at once it is asked for', async () => {
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

  it('comes to one end when the agent takes and answers it at the same time', async () => {
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
      expect(result === null).toBe(status === 'CANCELLED');
    }
  });
});

describe('retrying a command', () => {
  it('asks for the same again, as its own command of whoever retries', async () => {
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

  it('takes one that was cancelled or has expired', async () => {
    const governed = await GovernedService.of(app);
    const [cancelled, expired] = [await governed.pending(), await governed.pending()];
    await governed.cancel(cancelled.id).expectOk();
    app.clock.advance(300);
    await app.runMaintenance();
    await governed.agent.heartbeat().expectOk();
    await governed.retry(cancelled.id).expectOk();
    await governed.retry(expired.id).expectOk();
  });

  it('refuses one that is under way, has succeeded, only prepared, or does not exist', async () => {
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

  it('refuses one that carried secrets: they are gone', async () => {
    const governed = await GovernedService.of(app, { actions: [{ name: 'echo', label: 'Echo' }] });
    const { id } = await governed.running({ user: 'u', password: 'p' });
    await governed.agent.complete(id, { success: false }).expectOk();
    await governed.retry(id).expectError(409, 'COMMAND_NOT_RETRYABLE');
  });

  it('checks anew what may have changed since', async () => {
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
