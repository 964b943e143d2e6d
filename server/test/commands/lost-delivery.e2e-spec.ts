import type { AgentCommand, CommandDetail, CommandId } from '#contracts';
import { anAction, eventually, TestOperator } from '#testing';
import { CommandsRepository } from '../../src/modules/commands/commands.repository.js';
import { GovernedService } from '../support/governed-service.js';
import { claimAndHangUp, parked } from '../support/hang-up.js';
import { aStartedPlace, OWNER, sharedTestApp, startTestApp, type TestApp } from '../support/start-test-app.js';

let app: TestApp;
let governed: GovernedService;
beforeEach(async () => {
  app = await sharedTestApp();
  governed = await GovernedService.of(app);
});

const idsOf = (commands: readonly { readonly id: CommandId }[]): readonly CommandId[] => commands.map(({ id }) => id);

describe('an agent that says what it holds', () => {
  it('gets again what it was given and does not hold, before anything new, marked as redelivered', async () => {
    const [lost, held] = [await governed.pending({ text: 'lost' }), await governed.pending()];
    const [first] = await governed.agent.poll(2, []);
    expect(first).not.toHaveProperty('redelivered');
    const next = await governed.pending();
    const again = await governed.agent.poll(10, [held.id]);
    expect(again).toMatchObject([{ id: lost.id, redelivered: true, payload: { text: 'lost' } }, { id: next.id }]);
    expect(again[1]).not.toHaveProperty('redelivered');
    const [{ startedAt, expiresAt }] = again as [AgentCommand];
    expect(await governed.command(lost.id)).toMatchObject({ status: 'RUNNING', startedAt, expiresAt });
    const events = await governed.commandEvents(lost.id, 'command.dispatched');
    expect(events.map(({ metadata }) => metadata.redelivered)).toEqual([true, undefined]);
    await governed.agent.complete(lost.id, { success: true }).expectOk();
    expect(await governed.agent.poll(10, [held.id, next.id])).toEqual([]);
  });

  it('gets it with the very next poll that waits, too', async () => {
    const { id } = await governed.pending();
    await governed.agent.poll(10, []);
    const answer = await governed.agent.request('GET', '/commands?wait=50&holding=').expectOk<AgentCommand[]>();
    expect(answer).toMatchObject([{ id, redelivered: true }]);
  });

  it('loses none when it polls several times at once', async () => {
    const created = idsOf(await Promise.all([1, 2, 3].map(() => governed.pending())));
    await governed.agent.poll(10, []);
    const given = (await Promise.all([1, 2, 3, 4].map(() => governed.agent.poll(10, [])))).flat();
    expect([...new Set(idsOf(given))].sort()).toEqual([...created].sort());
    expect(await governed.agent.poll(10, created)).toEqual([]);
    for (const id of created) expect((await governed.command(id)).status).toBe('RUNNING');
  });

  it('gets nothing again that has ended, was cancelled, or belongs to another agent', async () => {
    const [done, cancelled] = [await governed.pending(), await governed.pending()];
    const other = await GovernedService.of(app);
    await other.pending();
    await other.agent.poll(10, []);
    await governed.agent.poll(10, []);
    await governed.agent.complete(done.id, { success: true }).expectOk();
    await governed.cancel(cancelled.id).expectOk();
    expect(await governed.agent.poll(10, [])).toEqual([]);
  });

  it('has a command that waited too long ended as not delivered, at once', async () => {
    const own = await startTestApp();
    const slow = await GovernedService.of(own, { actions: [anAction({ timeoutSeconds: 600 })] });
    const { id } = await slow.pending();
    await slow.agent.poll(10, []);
    own.clock.advance(300);
    await slow.agent.heartbeat().expectOk();
    const next = await slow.pending();
    expect(idsOf(await slow.agent.poll(10, []))).toEqual([next.id]);
    expect(await slow.command(id)).toMatchObject({ status: 'EXPIRED', errorCode: 'COMMAND_NOT_DELIVERED' });
    expect(await slow.commandEvents(id, 'system.command.expired')).toHaveLength(1);
  });

  it('costs one query more in all: the server remembers what it has claimed', async () => {
    const queries = jest.spyOn(app.nest.get(CommandsRepository), 'listClaimedIds');
    for (let i = 0; i < 3; i += 1) {
      expect(await governed.agent.poll(10, [])).toEqual([]);
      const { id } = await governed.pending();
      await governed.agent.poll(10, []);
      expect(await governed.agent.poll(10, [id])).toEqual([]);
      await governed.agent.complete(id, { success: true }).expectOk();
    }
    expect(queries.mock.calls).toEqual([[governed.agent.id]]);
    queries.mockRestore();
  });
});

describe('an agent that does not say what it holds', () => {
  it('never gets a command twice', async () => {
    const { id } = await governed.running();
    for (let i = 0; i < 3; i += 1) expect(await governed.agent.poll()).toEqual([]);
    const waiting = governed.agent.park(1).expectOk();
    expect(await waiting).toEqual([]);
    expect((await governed.command(id)).status).toBe('RUNNING');
  });

  it('never gets what it then took, either, once it keeps a journal: it may have run it before it restarted', async () => {
    const early = await governed.running();
    expect(await governed.agent.poll(10, [])).toEqual([]);
    // The server knows by now what the agent has claimed, and hears of this claim.
    const late = await governed.running();
    const next = await governed.pending();
    expect(idsOf(await governed.agent.poll(10, []))).toEqual([next.id]);
    expect(await governed.agent.poll(10, [])).toMatchObject([{ id: next.id, redelivered: true }]);
    for (const { id } of [early, late]) {
      expect(await governed.command(id)).toMatchObject({ status: 'RUNNING' });
      expect(await governed.commandEvents(id, 'command.dispatched')).toHaveLength(1);
    }
  });

  it('has its command recorded by the journal of the poll that takes it in the end', async () => {
    const { id } = await governed.pending();
    await claimAndHangUp(app, governed.agent);
    await eventually('it is pending again', async () => (await governed.command(id)).status === 'PENDING');
    expect((await governed.agent.poll(10, []))[0]).not.toHaveProperty('redelivered');
    expect(await governed.agent.poll(10, [])).toMatchObject([{ id, redelivered: true }]);
  });
});

describe('an older poll that waits', () => {
  it.each([
    ['that does not wait', ''],
    ['that waits', '&wait=1'],
    ['that says what it holds', '&holding='],
  ])(
    'ends with nothing when its agent sends one %s, so that no command goes to a dead connection',
    async (_, query) => {
      const older = governed.agent.park().expectOk();
      await parked(app, 1);
      await governed.agent.request('GET', `/commands?limit=1${query}`).expectOk();
      expect(await older).toEqual([]);
      const { id } = await governed.pending();
      expect(idsOf(await governed.agent.poll())).toEqual([id]);
    },
  );

  it('does not come back when it was awake at that moment: of many at once, one is left', async () => {
    const polls = Array.from({ length: 6 }, () => governed.agent.park(50, 1).expectOk<AgentCommand[]>());
    const first = await governed.pending();
    let ended = 0;
    for (const poll of polls) void poll.then(() => (ended += 1));
    await eventually('all but one have ended', () => ended >= 5);
    const second = await governed.pending();
    const given = idsOf((await Promise.all([...polls, governed.agent.poll()])).flat());
    expect([...given].sort()).toEqual([first.id, second.id].sort());
  });
});

describe('a command that cannot be delivered', () => {
  it('ends at once when its response is lost after it has waited long enough', async () => {
    const own = await startTestApp();
    const late = await GovernedService.of(own);
    const { id } = await late.pending();
    own.clock.advance(299);
    await claimAndHangUp(own, late.agent, () => {
      own.clock.advance(1);
      return Promise.resolve();
    });
    await eventually('it has ended', async () => (await late.command(id)).status === 'EXPIRED');
    expect(await late.command(id)).toMatchObject({ errorCode: 'COMMAND_NOT_DELIVERED', startedAt: null });
    const events = await late.commandEvents(id, 'command.returned', 'system.command.expired');
    expect(events.map(({ action }) => action).toSorted()).toEqual(['command.returned', 'system.command.expired']);
  });

  it('waits again until its first clock ends when its response is lost', async () => {
    const command = await governed.pending();
    await claimAndHangUp(app, governed.agent);
    await eventually('it is pending again', async () => (await governed.command(command.id)).status === 'PENDING');
    expect((await governed.command(command.id)).expiresAt).toBe(command.expiresAt);
  });

  it('ends with its reason when no session secret opens it, and does not keep those behind it waiting', async () => {
    const place = await aStartedPlace();
    const before = await startTestApp({ beside: place });
    const sealed = await GovernedService.of(before, { actions: [{ name: 'echo', label: 'Echo' }] });
    const broken = [await sealed.pending({ password: 'x' }), await sealed.pending({ password: 'y' })];
    const good = await sealed.pending({ text: 'z' });
    await before.stop();
    const after = await startTestApp({
      beside: place,
      config: { sessionSecrets: ['another secret, also long enough'] },
    });
    const agent = sealed.agent.at(after.api);
    expect(idsOf(await agent.poll(1))).toEqual([good.id]);
    const owner = await TestOperator.signIn(after.api, OWNER.username, OWNER.password);
    for (const { id } of broken) {
      const shown = await owner.get(`/api/admin/commands/${id}`).expectOk<CommandDetail>();
      expect(shown).toMatchObject({ status: 'EXPIRED', errorCode: 'COMMAND_NOT_DELIVERED', startedAt: null });
      expect(shown.errorMessage).toContain('session secret');
      expect(await after.auditEventsAbout(id, 'system.command.expired')).toMatchObject([{ result: 'FAILURE' }]);
    }
  });
});
