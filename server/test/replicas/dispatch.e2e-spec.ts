import type { AgentCommand, HeartbeatResponse, PreparedAction } from '#contracts';
import { eventually, type TestAgent } from '#testing';
import { ParkedPolls } from '../../src/modules/commands/dispatch/parked-polls.js';
import { GovernedService } from '../support/governed-service.js';
import { parked } from '../support/hang-up.js';
import { startReplicas, type Replicas } from '../support/replicas.js';
import type { TestApp } from '../support/start-test-app.js';

let replicas: Replicas;
/** A service whose operator calls one server and whose agent calls the other. */
let governed: GovernedService;
let agent: TestAgent;
beforeEach(async () => {
  replicas = await startReplicas();
  governed = await GovernedService.of(replicas.a);
  agent = governed.agent.at(replicas.b.api);
});

/** Parks a poll at `app`; returns its answer to come. */
const parkAt = async (app: TestApp): Promise<{ readonly answer: Promise<readonly AgentCommand[]> }> => {
  const answer = governed.agent.at(app.api).park().expectOk<readonly AgentCommand[]>();
  answer.catch(() => undefined);
  await parked(app, 1);
  return { answer };
};

describe('a command', () => {
  it('reaches the poll that is parked at another replica at once', async () => {
    const took: number[] = [];
    for (let i = 0; i < 5; i += 1) {
      const { answer } = await parkAt(replicas.b);
      const start = performance.now();
      const command = await governed.pending();
      expect(await answer).toMatchObject([{ id: command.id, payload: command.payload }]);
      took.push(performance.now() - start);
    }
    // A busy machine may have delayed some of the rounds.
    expect(Math.min(...took)).toBeLessThan(250);
  });

  it('is found by a poll at a replica that had cached that there was none', async () => {
    expect(await agent.poll()).toEqual([]);
    const { answer } = await parkAt(replicas.b);
    const { id } = await governed.pending();
    expect(await answer).toMatchObject([{ id }]);
    expect(await agent.poll()).toEqual([]);
  });

  it('is given to one poll, however many are parked at both replicas', async () => {
    const at = (i: number): TestAgent => governed.agent.at([replicas.a, replicas.b][i % 2]!.api);
    const polls = Array.from({ length: 8 }, (_, i) => at(i).park(2).expectOk<readonly AgentCommand[]>());
    const created = await Promise.all(Array.from({ length: 20 }, () => governed.pending()));
    const given = (await Promise.all(polls)).flat();
    while (given.length < created.length) {
      const more = (await Promise.all([at(0).poll(2), at(1).poll(2)])).flat();
      expect(more).not.toHaveLength(0);
      given.push(...more);
    }
    expect(given.map(({ id }) => id).toSorted()).toEqual(created.map(({ id }) => id).toSorted());
  });

  it('that a dead poll took at one replica comes again at another, to an agent that says what it holds', async () => {
    // The other replica knows what the agent has claimed, before it claims something elsewhere.
    expect(await agent.poll(10, [])).toEqual([]);
    const dead = governed.agent.at(replicas.a.api).request('GET', '/commands?wait=50&holding=');
    const taken = dead.expectOk<readonly AgentCommand[]>();
    await parked(replicas.a, 1);
    // A poll at this replica does not end the one at the other, which may have nobody behind it.
    expect(await agent.poll(10, [])).toEqual([]);
    expect(replicas.a.nest.get(ParkedPolls).count).toBe(1);
    const { id } = await governed.pending();
    expect(await taken).toMatchObject([{ id }]);
    const given: AgentCommand[] = [];
    await eventually('the command comes again', async () => {
      given.push(
        ...(await agent.poll(
          10,
          given.map((command) => command.id),
        )),
      );
      return given.length > 0;
    });
    expect(given).toMatchObject([{ id, redelivered: true }]);
  });

  it('that is cancelled at one replica ends its agent’s poll at another early, and the heartbeat names it', async () => {
    const { id } = await governed.pending();
    expect(await agent.poll()).toMatchObject([{ id }]);
    const { answer } = await parkAt(replicas.b);
    await governed.cancel(id).expectOk();
    expect(await answer).toEqual([]);
    expect(await agent.heartbeat().expectOk<HeartbeatResponse>()).toMatchObject({ cancelledCommandIds: [id] });
  });
});

describe('a prepare', () => {
  it('at one replica is answered through another at once', async () => {
    const { answer } = await parkAt(replicas.b);
    const start = performance.now();
    const preparing = governed.prepare().expectOk<PreparedAction>();
    const [prepare] = await answer;
    await agent.complete(prepare!.id, { success: true, data: { initialPayload: { text: 'hi' } } }).expectOk();
    expect(await preparing).toMatchObject({ initialPayload: { text: 'hi' }, prepareCommand: { id: prepare!.id } });
    // Without the notification it would have waited for 30 seconds.
    expect(performance.now() - start).toBeLessThan(10_000);
  });
});
