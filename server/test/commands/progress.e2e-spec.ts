import type { Change, CommandProgressResponse } from '#contracts';
import { Database } from '../../src/database/database.js';
import { ChangeFeed } from '../../src/modules/changes/change-feed.js';
import { CommandEntity } from '../../src/modules/commands/command.entity.js';
import { CommandProgressEntity } from '../../src/modules/commands/results/command-progress.entity.js';
import { GovernedService } from '../support/governed-service.js';
import { anInstant } from '../support/matchers.js';
import { issuePaths } from '../support/refusal.js';
import { startTestApp, type TestApp } from '../support/start-test-app.js';
import { storedText } from '../support/stored-text.js';

const GOING_ON: CommandProgressResponse = { cancelled: false };

let app: TestApp;
let governed: GovernedService;

beforeAll(async () => {
  app = await startTestApp();
  governed = await GovernedService.of(app);
});

describe('progress of a running command', () => {
  it('is null at first, and then the sum of the reports', async () => {
    const { agent } = governed;
    const { id } = await governed.running();
    expect((await governed.command(id)).progress).toBeNull();
    const first = await agent.progress(id, { percent: 10, message: 'copying', log: ['a'] }).expectOk();
    expect(first).toEqual(GOING_ON);
    await agent.progress(id, { percent: 62.5, log: ['b', 'c'] }).expectOk();
    const expected = { percent: 62, message: 'copying', log: ['a', 'b', 'c'], updatedAt: anInstant() };
    expect(await governed.command(id)).toMatchObject({ status: 'RUNNING', progress: expected });
  });

  it('is kept after the end, beside the result', async () => {
    const { id } = await governed.running();
    await governed.agent.progress(id, { log: ['done'] }).expectOk();
    await governed.agent.complete(id, { success: true }).expectOk();
    expect(await governed.command(id)).toMatchObject({ result: { success: true }, progress: { log: ['done'] } });
  });

  it('is deleted with its command', async () => {
    const { id } = await governed.running();
    await governed.agent.progress(id, { percent: 1 }).expectOk();
    const db = app.nest.get(Database);
    await db.transaction((tx) => tx.delete(CommandEntity, 'id = :id', { id }));
    expect(await db.count(CommandProgressEntity, 'command_id = :id', { id })).toBe(0);
  });

  it('loses no line when reports arrive at once', async () => {
    const { id } = await governed.running();
    const lines = Array.from({ length: 20 }, (_, i) => `line ${i}`);
    await Promise.all(lines.map((line) => governed.agent.progress(id, { log: [line] }).expectOk()));
    const { progress } = await governed.command(id);
    expect([...progress!.log].sort()).toEqual([...lines].sort());
  });

  it('is redacted before it is stored', async () => {
    const { id } = await governed.running();
    const log = ['-----BEGIN PRIVATE KEY-----', 'Y2FuYXJ5LW9mLWEta2V5', '-----END PRIVATE KEY-----'];
    await governed.agent.progress(id, { message: 'as Bearer canary-of-a-token', log }).expectOk();
    const { progress } = await governed.command(id);
    expect(progress).toMatchObject({ message: 'as [REDACTED]', log: ['[REDACTED]'] });
    expect(await storedText(app)).not.toMatch(/canary-of-a-token|Y2FuYXJ5/);
  });

  it('is announced as a change, and not audited', async () => {
    const { id, serviceId } = await governed.running();
    const count = async (): Promise<number> =>
      (await governed.operator.get(`/api/admin/audit-events?targetId=${id}`).expectPage()).pagination.total;
    const before = await count();
    const heard: Change[] = [];
    const unsubscribe = app.nest.get(ChangeFeed).onEvery((change) => heard.push(change));
    await governed.agent.progress(id, { percent: 1 }).expectOk();
    unsubscribe();
    expect(heard).toEqual([{ topic: 'command', id, agentId: governed.agent.id, serviceId }]);
    expect(await count()).toBe(before);
  });

  it('counts as a sign of life, even when it is refused', async () => {
    const own = await startTestApp();
    const silent = await GovernedService.of(own);
    const { id } = await silent.running();
    own.clock.advance(91);
    await silent.execute().expectError(409, 'AGENT_HEARTBEAT_STALE');
    await silent.agent.progress(id).expectOk();
    await silent.pending();
    own.clock.advance(91);
    await silent.execute().expectError(409, 'AGENT_HEARTBEAT_STALE');
    await silent.agent.progress('cmd_nothing').expectError(404, 'COMMAND_NOT_FOUND');
    await silent.pending();
  });

  it('accepts unknown fields of newer agents, and null for a missing value', async () => {
    const { id } = await governed.running();
    const body = { percent: null, message: 'x', phase: 2 };
    await governed.agent.request('POST', `/commands/${id}/progress`, { body }).expectOk();
    expect((await governed.command(id)).progress).toMatchObject({ percent: null, message: 'x', log: [] });
  });

  it.each<[string, object, string]>([
    ['fewer than 0 percent', { percent: -1 }, 'percent'],
    ['more than 100 percent', { percent: 100.5 }, 'percent'],
    ['a text for percent', { percent: '50' }, 'percent'],
    ['a message of 501 characters', { message: 'x'.repeat(501) }, 'message'],
    ['a text for a log', { log: 'x' }, 'log'],
    ['101 lines', { log: Array.from({ length: 101 }, () => 'x') }, 'log'],
    ['a line of 1001 characters', { log: ['x', 'x'.repeat(1_001)] }, 'log'],
    ['a line that is not a string', { log: [1] }, 'log'],
  ])('is refused with %s', async (_what, body, path) => {
    const { id } = await governed.running();
    const answer = await governed.agent.progress(id, body);
    expect(issuePaths(answer)).toEqual([path]);
    expect((await governed.command(id)).progress).toBeNull();
  });
});

describe('progress of a command that is not running', () => {
  it('is refused for an unknown command, one of another agent, and one that was not claimed', async () => {
    const other = await app.enrolAgent();
    const { id } = await governed.running();
    await other.progress(id).expectError(404, 'COMMAND_NOT_FOUND');
    await other.progress('cmd_nothing').expectError(404, 'COMMAND_NOT_FOUND');
    const waiting = await governed.pending();
    await governed.agent.progress(waiting.id).expectError(404, 'COMMAND_NOT_FOUND');
    for (const command of [id, waiting.id]) expect((await governed.command(command)).progress).toBeNull();
  });

  it('is answered with the cancellation, and not stored', async () => {
    const { id } = await governed.running();
    await governed.agent.progress(id, { percent: 5 }).expectOk();
    await governed.cancel(id).expectOk();
    const answer = await governed.agent.progress(id, { percent: 6 }).expectOk<CommandProgressResponse>();
    expect(answer).toEqual({ cancelled: true });
    expect(await governed.command(id)).toMatchObject({ status: 'CANCELLED', progress: { percent: 5 } });
  });

  it.each([true, false])('is refused after a result: success %s', async (success) => {
    const { id } = await governed.running();
    await governed.agent.complete(id, { success }).expectOk();
    await governed.agent.progress(id, { percent: 6 }).expectError(409, 'COMMAND_ALREADY_COMPLETED');
    expect((await governed.command(id)).progress).toBeNull();
  });

  it("is refused when the command's time is over, whether maintenance has run or not", async () => {
    const own = await startTestApp();
    const late = await GovernedService.of(own);
    const [swept, unswept] = [await late.running(), await late.running()];
    own.clock.advance(305);
    await late.agent.progress(unswept.id, { percent: 6 }).expectError(410, 'COMMAND_EXPIRED');
    await own.runMaintenance();
    await late.agent.progress(swept.id, { percent: 6 }).expectError(410, 'COMMAND_EXPIRED');
    for (const { id } of [swept, unswept]) {
      const shown = await late.command(id);
      expect(shown).toMatchObject({ status: 'EXPIRED', errorCode: 'COMMAND_OUTCOME_UNKNOWN', progress: null });
      expect(await late.commandEvents(id, 'system.command.expired')).toHaveLength(1);
    }
    expect(await late.agent.complete(unswept.id, { success: true }).expectOk()).toMatchObject({ late: true });
    expect((await late.command(unswept.id)).result).toMatchObject({ late: true });
  });

  it('is answered consistently when it races with the cancellation and the result', async () => {
    const ids = await Promise.all(Array.from({ length: 8 }, async () => (await governed.pending()).id));
    await governed.agent.poll();
    const answers = await Promise.all(
      ids.flatMap((id) => [
        governed.agent.progress(id, { log: ['x'] }),
        governed.cancel(id),
        governed.agent.complete(id, { success: true }),
      ]),
    );
    for (const [i, id] of ids.entries()) {
      const { status, progress } = await governed.command(id);
      const answer = answers[i * 3]!;
      if (answer.status === 200) {
        const { cancelled } = answer.data<CommandProgressResponse>();
        expect(progress?.log ?? null).toEqual(cancelled ? null : ['x']);
        if (cancelled) expect(status).toBe('CANCELLED');
      } else answer.error(409, 'COMMAND_ALREADY_COMPLETED');
    }
  });
});
