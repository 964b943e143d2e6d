import type { Command, CommandDetail } from '#contracts';
import { GovernedService } from '../support/governed-service.js';
import { startTestApp } from '../support/start-test-app.js';

const END_ACTIONS = ['command.cancelled', 'command.completed', 'command.failed', 'system.command.expired'] as const;

describe('the end of a command', () => {
  it('says after an expiry whether it may have run', async () => {
    const app = await startTestApp();
    const governed = await GovernedService.of(app);
    const taken = await governed.running();
    const waiting = await governed.pending();
    app.clock.advance(301);
    expect(await app.runMaintenance()).toMatchObject({ expiredCommands: 2 });
    expect(await governed.command(taken.id)).toMatchObject({ status: 'EXPIRED', errorCode: 'COMMAND_OUTCOME_UNKNOWN' });
    expect(await governed.command(waiting.id)).toMatchObject({ status: 'EXPIRED', errorCode: 'COMMAND_NOT_DELIVERED' });
    expect(await app.runMaintenance()).toMatchObject({ expiredCommands: 0 });
  });

  it('comes by a cancellation once, which can be repeated, and never after another end', async () => {
    const app = await startTestApp();
    const governed = await GovernedService.of(app);
    const waiting = await governed.pending();
    expect(await governed.cancel(waiting.id).expectOk<CommandDetail>()).toMatchObject({ status: 'CANCELLED' });
    expect(await governed.cancel(waiting.id).expectOk<CommandDetail>()).toMatchObject({ status: 'CANCELLED' });
    expect(await app.auditEvents('command.cancelled')).toHaveLength(1);
    const done = await governed.running();
    await governed.agent.complete(done.id, { success: true }).expectOk();
    await governed.cancel(done.id).expectError(409, 'COMMAND_ALREADY_COMPLETED');
    await governed.operator.post('/api/admin/commands/cmd_nothing/cancel').expectError(404, 'COMMAND_NOT_FOUND');
  });

  it('is one legal end, audited once, when creation, poll, cancellation, result and expiry meet', async () => {
    const app = await startTestApp();
    const governed = await GovernedService.of(app);
    const older = await Promise.all(Array.from({ length: 8 }, () => governed.pending()));
    expect(await governed.agent.poll()).toHaveLength(8);
    app.clock.advance(301);
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

  it('lets a command that failed, expired or was cancelled be asked for again, with the same checks', async () => {
    const app = await startTestApp();
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
