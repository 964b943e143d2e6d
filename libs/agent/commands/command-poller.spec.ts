import { eventually } from '../../testing/index.js';
import { heldHandler } from '../testing/held-handler.js';
import { QUICK, TestBench, aCommand } from '../testing/test-bench.js';
import { accept, refuse } from '../testing/wire-server.js';

const WORK = { name: 'work', label: 'Work' };
/** So slow that nothing in these tests can be due to them. */
const SLOW = { ...QUICK, heartbeatSeconds: 60, pollSeconds: 60 };

describe('Long polls', () => {
  let bench: TestBench;

  beforeEach(async () => {
    bench = await TestBench.open();
    bench.server.longPollSeconds = 25;
  });

  afterEach(() => bench.close());

  const polls = () => bench.server.callsOf('poll');
  const parked = () => eventually('a held poll', () => bench.server.parkedPolls.count === 1);
  const resultOf = ({ id }: { readonly id: string }) => eventually('the result', () => bench.server.results.get(id));
  const moreHeartbeats = async (count: number) => {
    const before = bench.server.callsOf('heartbeat').length;
    await eventually('more heartbeats', () => bench.server.callsOf('heartbeat').length >= before + count);
  };

  it('return a command immediately, one after the other', async () => {
    await bench.start({ intervals: SLOW }, (agent) => agent.action(WORK, () => ({ done: true })));
    for (const command of [aCommand(), aCommand()]) {
      await parked();
      bench.server.give(command);
      expect(await resultOf(command)).toMatchObject({ success: true });
    }
    await parked();
    expect(polls().map(({ query }) => query.get('wait'))).toEqual(['25', '25', '25']);
  });

  it('follow each other without a pause when they time out empty', async () => {
    bench.server.longPollSeconds = 1;
    await bench.start({ intervals: SLOW });
    await eventually('three polls', () => polls().length === 3);
  });

  it('are no longer requested when the server stops offering them', async () => {
    await bench.start();
    await parked();
    bench.server.longPollSeconds = 0;
    await moreHeartbeats(2);
    bench.server.parkedPolls.release();
    await eventually('a poll that is not held', () => polls().at(-1)?.query.has('wait') === false);
    const command = aCommand({ actionName: 'unheardOf' });
    bench.server.give(command);
    await resultOf(command);
  });

  it.each([
    ['not asked for when the service does not want them', 0, null],
    ['not asked for longer than the service wants', 3, '3'],
  ])('are %s', async (_, longPollSeconds, wait) => {
    await bench.start({ intervals: { ...QUICK, longPollSeconds } });
    const poll = await eventually('a poll', () => polls()[0]);
    expect(poll.query.get('wait')).toBe(wait);
  });

  it('do not delay the stopping of the agent', async () => {
    const { agent, logs } = await bench.start();
    await parked();
    await agent.stop();
    await eventually('the end of the poll', () => bench.server.parkedPolls.count === 0);
    expect(bench.server.parkedPolls.abandonedCount).toBe(1);
    expect(logs.filter(({ level }) => level !== 'info')).toEqual([]);
  });

  it('end when the server rejects the agent, and resume when it accepts the agent again', async () => {
    await bench.start();
    await parked();
    bench.server.answerAlways('heartbeat', () => refuse(403, 'AGENT_DISABLED'));
    await eventually('the end of the poll', () => bench.server.parkedPolls.abandonedCount === 1);
    const { length } = polls();
    await moreHeartbeats(3);
    expect(polls()).toHaveLength(length);
    bench.server.answerAlways('heartbeat', null);
    await parked();
  });

  it('do not flood a server that answers immediately, and resume when it holds them', async () => {
    bench.server.answerAlways('poll', () => accept([]));
    await bench.start({ intervals: { ...QUICK, pollSeconds: 1 } });
    await eventually('three polls', () => polls().length === 3);
    await moreHeartbeats(5);
    expect(polls()).toHaveLength(3);
    bench.server.answerAlways('poll', null);
    await parked();
  });

  it('give way to polls at intervals when something keeps cutting them off', async () => {
    bench.server.answerAlways('poll', async ({ query, closed }) => {
      if (!query.has('wait')) return accept([]);
      await bench.server.parkedPolls.hold(0.05, closed);
      return refuse(504, 'GATEWAY_TIMEOUT');
    });
    await bench.start();
    await eventually('a poll that is not held', () => polls().at(-1)?.query.has('wait') === false);
    expect(polls().filter(({ query }) => query.has('wait'))).toHaveLength(3);
  });

  describe('while a command runs', () => {
    it('return early on a cancellation, and the agent asks which command it is', async () => {
      const held = heldHandler();
      const command = aCommand();
      await bench.start({ intervals: SLOW }, (agent) => agent.action(WORK, held.handler));
      await parked();
      bench.server.give(command);
      await eventually('the handler', () => held.started.length);
      await parked();
      bench.server.cancel(command.id);
      expect(await resultOf(command)).toMatchObject({ success: false, error: { code: 'COMMAND_CANCELLED' } });
    });

    it.each([0, 1])(
      'are followed by the same question when they come back empty in their time: wait %d',
      async (wait) => {
        bench.server.longPollSeconds = wait;
        const held = heldHandler();
        const command = aCommand();
        await bench.start({ intervals: { ...SLOW, pollSeconds: 0.05 } }, (agent) => agent.action(WORK, held.handler));
        bench.server.give(command);
        await eventually('the handler', () => held.started.length);
        bench.server.cancelledCommandIds.push(command.id);
        expect(await resultOf(command)).toMatchObject({ success: false, error: { code: 'COMMAND_CANCELLED' } });
      },
    );

    it('are not needed for that while there is no free slot', async () => {
      const held = heldHandler();
      const command = aCommand();
      const intervals = { ...SLOW, pollSeconds: 0.02 };
      await bench.start({ intervals, maxConcurrentCommands: 1 }, (agent) => agent.action(WORK, held.handler));
      bench.server.give(command);
      await eventually('the handler', () => held.started.length);
      bench.server.cancel(command.id);
      expect(await resultOf(command)).toMatchObject({ success: false, error: { code: 'COMMAND_CANCELLED' } });
    });
  });
});
