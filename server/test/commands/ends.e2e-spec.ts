import type { Command, CommandDetail } from '#contracts';
import { CommandedService } from '../support/commanded-service.js';
import { startTestApp } from '../support/start-test-app.js';

const END_ACTIONS = ['command.cancelled', 'command.completed', 'command.failed', 'system.command.expired'] as const;

describe('the end of a command', () => {
  it('says after an expiry whether it may have run', async () => {
    const app = await startTestApp();
    const governed = await CommandedService.start(app);
    const taken = await governed.taken();
    const waiting = await governed.run();
    app.clock.advance(301);
    expect(await app.runMaintenance()).toMatchObject({ expiredCommands: 2 });
    expect(await governed.show(taken)).toMatchObject({ status: 'EXPIRED', errorCode: 'COMMAND_OUTCOME_UNKNOWN' });
    expect(await governed.show(waiting)).toMatchObject({ status: 'EXPIRED', errorCode: 'COMMAND_NOT_DELIVERED' });
    expect(await app.runMaintenance()).toMatchObject({ expiredCommands: 0 });
  });

  it('comes by a cancellation once, which can be repeated, and never after another end', async () => {
    const app = await startTestApp();
    const governed = await CommandedService.start(app);
    const cancel = ({ id }: Command) => governed.operator.post(`/api/admin/commands/${id}/cancel`);
    const waiting = await governed.run();
    expect(await cancel(waiting).expectOk<CommandDetail>()).toMatchObject({ status: 'CANCELLED' });
    expect(await cancel(waiting).expectOk<CommandDetail>()).toMatchObject({ status: 'CANCELLED' });
    expect(await app.auditEvents('command.cancelled')).toHaveLength(1);
    const done = await governed.taken();
    await governed.agent.complete(done.id, { success: true }).expectOk();
    await cancel(done).expectError(409, 'COMMAND_ALREADY_COMPLETED');
    await governed.operator.post('/api/admin/commands/cmd_nothing/cancel').expectError(404, 'COMMAND_NOT_FOUND');
  });

  it('is one legal end, audited once, when creation, poll, cancellation, result and expiry meet', async () => {
    const app = await startTestApp();
    const governed = await CommandedService.start(app);
    const older = await Promise.all(Array.from({ length: 8 }, () => governed.taken()));
    app.clock.advance(301);
    const acts = older.flatMap(({ id }) => [
      governed.operator.post(`/api/admin/commands/${id}/cancel`),
      governed.agent.complete(id, { success: true }),
    ]);
    const [created] = await Promise.all([
      governed.agent
        .heartbeat()
        .expectOk()
        .then(() => governed.run()),
      app.runMaintenance(),
      ...acts,
    ]);
    await governed.agent.poll();
    await governed.operator.post(`/api/admin/commands/${created.id}/cancel`).expectOk();
    const events = await app.auditEvents(...END_ACTIONS);
    for (const command of [...older, created]) {
      expect(['CANCELLED', 'EXPIRED']).toContain((await governed.show(command)).status);
      expect(events.filter(({ targetId }) => targetId === command.id)).toHaveLength(1);
    }
  });

  it('lets a command that failed, expired or was cancelled be asked for again, with the same checks', async () => {
    const app = await startTestApp();
    const governed = await CommandedService.start(app);
    const retry = ({ id }: Command) => governed.operator.post(`/api/admin/commands/${id}/retry`);
    const failed = await governed.taken();
    await retry(failed).expectError(409, 'COMMAND_NOT_RETRYABLE');
    await governed.agent.complete(failed.id, { success: false }).expectOk();
    const again = await retry(failed).expectOk<Command>();
    expect(again).toMatchObject({ status: 'PENDING', retryOfCommandId: failed.id, payload: failed.payload });
    await governed.agent.poll();
    await governed.agent.complete(again.id, { success: true }).expectOk();
    await retry(again).expectError(409, 'COMMAND_NOT_RETRYABLE');
    const [event] = await app.auditEvents('command.retried');
    expect(event).toMatchObject({ targetId: failed.id, metadata: { newCommandId: again.id } });
    await governed.operator.post(`/api/admin/agents/${governed.agent.id}/disable`).expectOk();
    await retry(failed).expectError(409, 'AGENT_DISABLED');
    await governed.operator.post('/api/admin/commands/cmd_nothing/retry').expectError(404, 'COMMAND_NOT_FOUND');
  });
});
