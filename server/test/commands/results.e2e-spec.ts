import type { CommandResult } from '#contracts';
import { anAction } from '#testing';
import { GovernedService } from '../support/governed-service.js';
import { anId, anInstant } from '../support/matchers.js';
import { startTestApp, type TestApp } from '../support/start-test-app.js';

const OK = { success: true, message: 'done', data: { count: 1 } } as const;

describe('results', () => {
  let app: TestApp;
  let governed: GovernedService;

  beforeAll(async () => {
    app = await startTestApp();
    governed = await GovernedService.of(app);
  });

  it('end a command, are stored as they arrived, and are audited', async () => {
    const command = await governed.running();
    const times = { startedAt: '2030-01-01T00:00:00.000Z', finishedAt: '2030-01-01T00:00:01.500Z' };
    const stored = await governed.agent.complete(command.id, { ...OK, ...times }).expectOk<CommandResult>();
    const expected = { id: anId('crs'), commandId: command.id, ...OK, error: null, ...times, late: false };
    expect(stored).toEqual({ ...expected, reportedAt: anInstant() });
    const shown = await governed.command(command.id);
    expect(shown).toMatchObject({ status: 'SUCCEEDED', errorCode: null, result: stored });
    expect(shown.durationMs).toBeGreaterThanOrEqual(0);
    const [event] = await app.auditEvents('command.completed');
    expect(event).toMatchObject({ actorId: governed.agent.id, targetId: command.id, result: 'SUCCESS' });
  });

  it('copy the reason of a failure to the command', async () => {
    const command = await governed.running();
    const error = { code: 'C'.repeat(100), message: 'm'.repeat(600), hint: 'more' };
    await governed.agent.complete(command.id, { success: false, error }).expectOk();
    const shown = await governed.command(command.id);
    expect(shown).toMatchObject({ status: 'FAILED', errorCode: 'C'.repeat(80), errorMessage: 'm'.repeat(500) });
    expect(shown.result?.error).toMatchObject({ hint: 'more' });
    const [event] = await app.auditEvents('command.failed');
    expect(event).toMatchObject({ targetId: command.id, result: 'FAILURE' });
  });

  it('record a failure without a reason as ACTION_FAILED', async () => {
    const command = await governed.running();
    await governed.agent.complete(command.id, { success: false, message: 'no luck' }).expectOk();
    expect(await governed.command(command.id)).toMatchObject({ errorCode: 'ACTION_FAILED', errorMessage: 'no luck' });
  });

  it('are answered with the stored one when they are repeated, and refused when they differ', async () => {
    const command = await governed.running();
    const stored = await governed.agent.complete(command.id, OK).expectOk<CommandResult>();
    expect(await governed.agent.complete(command.id, OK).expectOk<CommandResult>()).toEqual(stored);
    await governed.agent.complete(command.id, { success: false }).expectError(409, 'COMMAND_ALREADY_COMPLETED');
    expect((await governed.command(command.id)).status).toBe('SUCCEEDED');
  });

  it('can race: one of two different ones wins, and two equal ones both succeed', async () => {
    const command = await governed.running();
    const different = [{ success: true, data: { a: 1 } }, { success: false }].map((one) =>
      governed.agent.complete(command.id, one),
    );
    const statuses = (await Promise.all(different)).map(({ status }) => status);
    expect(statuses.sort()).toEqual([200, 409]);
    const another = await governed.running();
    const same = await Promise.all([1, 2, 3].map(() => governed.agent.complete(another.id, OK).expectOk()));
    expect(same[1]).toEqual(same[0]);
    const events = await app.auditEvents('command.completed', 'command.failed');
    for (const { id } of [command, another]) expect(events.filter(({ targetId }) => targetId === id)).toHaveLength(1);
  });

  it('are refused for a command of another agent, one that does not exist, and one that was not claimed', async () => {
    const command = await governed.running();
    const other = await app.enrolAgent();
    await other.complete(command.id, OK).expectError(404, 'COMMAND_NOT_FOUND');
    await governed.agent.complete('cmd_nothing', OK).expectError(404, 'COMMAND_NOT_FOUND');
    const waiting = await governed.pending();
    await governed.agent.complete(waiting.id, OK).expectError(404, 'COMMAND_NOT_FOUND');
    expect((await governed.command(waiting.id)).status).toBe('PENDING');
  });

  it('that arrive after a cancellation are kept and shown as late, once, and change nothing else', async () => {
    const command = await governed.running();
    await governed.cancel(command.id).expectOk();
    const before = await governed.command(command.id);
    const stored = await governed.agent.complete(command.id, OK).expectOk<CommandResult>();
    expect(stored).toMatchObject({ ...OK, late: true });
    for (const repeated of [OK, { success: false }]) {
      expect(await governed.agent.complete(command.id, repeated).expectOk()).toEqual(stored);
    }
    expect(await governed.command(command.id)).toEqual({ ...before, result: stored });
    expect(await governed.commandEvents(command.id, 'command.late_result.received')).toMatchObject([
      { actorId: governed.agent.id, metadata: { actionName: 'echo', success: true, status: 'CANCELLED' } },
    ]);
    expect(await governed.commandEvents(command.id, 'command.completed', 'command.failed')).toEqual([]);
  });

  it('that arrive too late are kept and shown as late, whether maintenance has run or not', async () => {
    const own = await startTestApp();
    const late = await GovernedService.of(own);
    const swept = await late.running();
    const unswept = await late.running();
    own.clock.advance(305);
    await late.agent.complete(unswept.id, OK).expectOk();
    await own.runMaintenance();
    for (let i = 0; i < 2; i += 1) {
      expect(await late.agent.complete(swept.id, OK).expectOk()).toMatchObject({ late: true });
    }
    for (const command of [swept, unswept]) {
      const shown = await late.command(command.id);
      expect(shown).toMatchObject({
        status: 'EXPIRED',
        errorCode: 'COMMAND_OUTCOME_UNKNOWN',
        result: { ...OK, late: true },
      });
    }
    expect(await own.auditEvents('command.late_result.received')).toHaveLength(2);
    expect(await own.auditEvents('system.command.expired')).toHaveLength(2);
  });

  it("have 5 s more than the action's timeout, from the moment the command was taken", async () => {
    const own = await startTestApp();
    const timed = await GovernedService.of(own, { actions: [anAction({ timeoutSeconds: 3 })] });
    const [inTime, late] = [await timed.pending(), await timed.pending()];
    own.clock.advance(60);
    await timed.agent.poll();
    own.clock.advance(7.9);
    const failed = { success: false, error: { code: 'ACTION_TIMEOUT', message: 'It took longer than 3 s.' } };
    expect(await timed.agent.complete(inTime.id, failed).expectOk()).toMatchObject({ late: false });
    own.clock.advance(0.1);
    expect(await timed.agent.complete(late.id, failed).expectOk()).toMatchObject({ late: true });
    expect(await timed.command(inTime.id)).toMatchObject({ status: 'FAILED', errorCode: 'ACTION_TIMEOUT' });
    expect(await timed.command(late.id)).toMatchObject({ status: 'EXPIRED', errorCode: 'COMMAND_OUTCOME_UNKNOWN' });
  });

  it('that arrive late still bring their one-time key to the user who asked', async () => {
    const command = await governed.running();
    await governed.cancel(command.id).expectOk();
    await governed.agent.complete(command.id, { success: true, data: { generatedKey: 'k-1' } }).expectOk();
    expect((await governed.command(command.id)).result?.data).toEqual({ generatedKey: '[REDACTED]' });
    expect((await governed.command(command.id, governed.operator)).result?.data).toEqual({ generatedKey: 'k-1' });
  });

  it('larger than the limit are refused, and the command can still be answered', async () => {
    const own = await startTestApp({ config: { commandResultMaxBytes: 1_000 } });
    const small = await GovernedService.of(own);
    const command = await small.running();
    const large = { success: true, data: { text: 'x'.repeat(1_000) } };
    await small.agent.complete(command.id, large).expectError(413, 'COMMAND_RESULT_TOO_LARGE');
    await small.agent.complete(command.id, OK).expectOk();
  });

  it.each([
    ['without success', { message: 'x' }],
    ['whose data is a list', { success: true, data: [1] }],
    ['whose error is a string', { success: false, error: 'x' }],
    ['whose time is invalid', { success: true, startedAt: 'yesterday' }],
  ])('%s are refused', async (_what, result) => {
    const command = await governed.running();
    await governed.agent.complete(command.id, result as never).expectError(422, 'VALIDATION_FAILED');
    expect((await governed.command(command.id)).status).toBe('RUNNING');
    await governed.agent.complete(command.id, OK).expectOk();
  });
});
