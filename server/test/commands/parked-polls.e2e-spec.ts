import type { AgentCommand, CommandId } from '#contracts';
import { eventually, TestAgent } from '#testing';
import { GovernedService } from '../support/governed-service.js';
import { claimAndHangUp, parkAndHangUp, parked } from '../support/hang-up.js';
import { sharedTestApp, startTestApp, type TestApp } from '../support/start-test-app.js';

let app: TestApp;
let governed: GovernedService;
beforeEach(async () => {
  app = await sharedTestApp();
  governed = await GovernedService.of(app);
});

const idsOf = (commands: readonly AgentCommand[]): readonly string[] => commands.map(({ id }) => id);

/** Parks a poll; returns its answer to come. */
const park = async (
  agent = governed.agent,
  count = 1,
): Promise<{ readonly answer: Promise<readonly AgentCommand[]> }> => {
  const answer = agent.park().expectOk<readonly AgentCommand[]>();
  answer.catch(() => undefined);
  await parked(app, count);
  return { answer };
};

describe('a parked poll', () => {
  it('is answered with the command that is created for its agent, and with no other', async () => {
    const other = await GovernedService.of(app);
    const [mine, theirs] = [await park(), await park(other.agent, 2)];
    const command = await governed.pending();
    expect(await mine.answer).toMatchObject([{ id: command.id, status: 'RUNNING', payload: command.payload }]);
    await parked(app, 1);
    const another = await other.pending();
    expect(idsOf(await theirs.answer)).toEqual([another.id]);
  });

  it('is answered at once when a command is pending already, and also with a prepare and a retry', async () => {
    const waiting = await governed.pending();
    expect(idsOf(await governed.agent.park().expectOk<readonly AgentCommand[]>())).toEqual([waiting.id]);
    await governed.agent.complete(waiting.id, { success: false }).expectOk();
    const first = await park();
    const retried = await governed.retry(waiting.id).expectOk<AgentCommand>();
    expect(idsOf(await first.answer)).toEqual([retried.id]);
    const second = await park();
    const preparing = governed.prepare().expectOk();
    const [prepare] = await second.answer;
    expect(prepare).toMatchObject({ type: 'ACTION_PREPARE' });
    await governed.agent.complete(prepare!.id, { success: true, data: {} }).expectOk();
    await preparing;
  });

  it('never gets the same command as another poll of its agent, however many there are at once', async () => {
    const polls = Array.from({ length: 8 }, () => governed.agent.park(2).expectOk<readonly AgentCommand[]>());
    const created = await Promise.all(Array.from({ length: 20 }, () => governed.pending()));
    const given = (await Promise.all(polls)).flat();
    while (given.length < created.length) {
      const more = await governed.agent.poll();
      expect(more).not.toHaveLength(0);
      given.push(...more);
    }
    expect(idsOf(given).toSorted()).toEqual(created.map(({ id }) => id).toSorted());
  });

  it('is answered with nothing when its time is up', async () => {
    expect(await governed.agent.park(1).expectOk()).toEqual([]);
  });

  it.each(['-5', 'soon', '', '1e3', '0'])('does not wait for wait=%s', async (wait) => {
    expect(await governed.agent.request('GET', `/commands?wait=${wait}`).expectOk()).toEqual([]);
  });

  it('is answered with nothing when its agent polls again, because each agent has one', async () => {
    const older = await park();
    const newer = governed.agent.park().expectOk<readonly AgentCommand[]>();
    expect(await older.answer).toEqual([]);
    const command = await governed.pending();
    expect(idsOf(await newer)).toEqual([command.id]);
  });

  it.each([
    ['disable', 403, 'AGENT_DISABLED'],
    ['revoke', 403, 'AGENT_REVOKED'],
  ] as const)('is refused at once when an operator does this with its agent: %s', async (move, status, code) => {
    const refused = governed.agent.park().expectError(status, code);
    await parked(app, 1);
    await governed.operator.post(`/api/admin/agents/${governed.agent.id}/${move}`).expectOk();
    await refused;
    await governed.agent.heartbeat().expectError(status, code);
    await parked(app, 0);
  });

  it('is refused at once when its agent registers again and gets another token', async () => {
    const { code } = governed.agent;
    const refused = governed.agent.park().expectError(401, 'UNAUTHORIZED');
    await parked(app, 1);
    const { token } = await governed.operator.createToken({ agentCode: code });
    const again = await TestAgent.register(app.api, { registrationToken: token, agent: { code } });
    await refused;
    expect(await again.poll()).toEqual([]);
  });

  it('is answered with nothing when a command that its agent runs is cancelled; the next heartbeat names it', async () => {
    const { id } = await governed.running();
    const waiting = await park();
    await governed.cancel(id).expectOk();
    expect(await waiting.answer).toEqual([]);
    expect(await governed.agent.heartbeat().expectOk()).toMatchObject({ cancelledCommandIds: [id] });
  });

  it('is answered early, and only once, when a command was cancelled between two polls', async () => {
    const { id } = await governed.running();
    await governed.cancel(id).expectOk();
    expect(await governed.agent.park().expectOk()).toEqual([]);
    const next = await park();
    const command = await governed.pending();
    expect(idsOf(await next.answer)).toEqual([command.id]);
  });

  it('is answered with nothing as soon as the server stops', async () => {
    app = await startTestApp();
    governed = await GovernedService.of(app);
    const waiting = await park();
    await app.stop();
    expect(await waiting.answer).toEqual([]);
  });

  it('counts as a sign of life, whether it finds something or not', async () => {
    app.clock.advance(85);
    const waiting = await park();
    await app.runMaintenance();
    app.clock.advance(85);
    await app.runMaintenance();
    expect((await governed.shown()).agentStatus).toBe('ONLINE');
    await governed.operator.post(`/api/admin/agents/${governed.agent.id}/disable`).expectOk();
    await expect(waiting.answer).rejects.toThrow('AGENT_DISABLED');
  });
});

describe('a poll whose connection ends', () => {
  const events = (id: CommandId) => governed.commandEvents(id, 'command.dispatched', 'command.returned');

  it('claims nothing that is created after that', async () => {
    await parkAndHangUp(app, governed.agent);
    const command = await governed.pending();
    expect(await governed.command(command.id)).toMatchObject({ status: 'PENDING', startedAt: null });
    expect(await events(command.id)).toEqual([]);
    expect(idsOf(await governed.agent.poll())).toEqual([command.id]);
  });

  it('returns what it had claimed: the next poll gets it, and the audit says so', async () => {
    const command = await governed.pending({ text: 'once' });
    await claimAndHangUp(app, governed.agent);
    await eventually(
      'the command is pending again',
      async () => (await governed.command(command.id)).status === 'PENDING',
    );
    expect(await governed.agent.poll()).toMatchObject([{ id: command.id, payload: { text: 'once' } }]);
    expect((await events(command.id)).map(({ action }) => action)).toEqual([
      'command.dispatched',
      'command.returned',
      'command.dispatched',
    ]);
    await governed.agent.complete(command.id, { success: true }).expectOk();
  });

  it('wakes the next parked poll with what it returns', async () => {
    const command = await governed.pending();
    await claimAndHangUp(app, governed.agent);
    expect(idsOf(await governed.agent.park().expectOk<readonly AgentCommand[]>())).toEqual([command.id]);
  });

  it('does not return a command that was cancelled meanwhile', async () => {
    const command = await governed.pending();
    await claimAndHangUp(app, governed.agent, () => governed.cancel(command.id).expectOk());
    expect(await governed.agent.poll()).toEqual([]);
    expect((await governed.command(command.id)).status).toBe('CANCELLED');
  });
});
