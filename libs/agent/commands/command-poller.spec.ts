import { eventually } from '../testing/eventually.js';
import { heldHandler } from '../testing/held-handler.js';
import { QUICK, TestBench, aCommand } from '../testing/test-agent.js';
import { accept, refuse } from '../testing/wire-server.js';

const WORK = { name: 'work', label: 'Work' };
/** Whatever happens soon happens without them. */
const SELDOM = { ...QUICK, heartbeatSeconds: 60, pollSeconds: 60 };

describe('Polls that the server holds', () => {
  let bench: TestBench;

  beforeEach(async () => {
    bench = await TestBench.open();
    bench.server.longPollSeconds = 25;
  });

  afterEach(() => bench.close());

  const polls = () => bench.server.callsOf('poll');
  const parked = () => eventually(() => bench.server.parkedPolls.count === 1, 'a held poll');
  const resultOf = ({ id }: { readonly id: string }) => eventually(() => bench.server.results.get(id), 'the result');
  const moreHeartbeats = async (count: number) => {
    const before = bench.server.callsOf('heartbeat').length;
    await eventually(() => bench.server.callsOf('heartbeat').length >= before + count, 'more heartbeats');
  };

  it('bring a command at once, one after the other', async () => {
    await bench.start({ intervals: SELDOM }, (agent) => agent.action(WORK, () => ({ done: true })));
    for (const command of [aCommand(), aCommand()]) {
      await parked();
      bench.server.give(command);
      expect(await resultOf(command)).toMatchObject({ success: true });
    }
    await parked();
    expect(polls().map(({ query }) => query.get('wait'))).toEqual(['25', '25', '25']);
  });

  it('follow each other without a pause when they come back empty after their time', async () => {
    bench.server.longPollSeconds = 1;
    await bench.start({ intervals: SELDOM });
    await eventually(() => polls().length === 3, 'three polls');
  });

  it('are no longer asked for when the server stops offering them', async () => {
    await bench.start();
    await parked();
    bench.server.longPollSeconds = 0;
    await moreHeartbeats(2);
    bench.server.parkedPolls.release();
    await eventually(() => polls().at(-1)?.query.has('wait') === false, 'a poll that is not held');
    const command = aCommand({ actionName: 'unheardOf' });
    bench.server.give(command);
    await resultOf(command);
  });

  it.each([
    ['not asked for when the service does not want them', 0, null],
    ['not asked for longer than the service wants', 3, '3'],
  ])('are %s', async (_, longPollSeconds, wait) => {
    await bench.start({ intervals: { ...QUICK, longPollSeconds } });
    const poll = await eventually(() => polls()[0], 'a poll');
    expect(poll.query.get('wait')).toBe(wait);
  });

  it('do not keep the agent from stopping', async () => {
    const { agent, logs } = await bench.start();
    await parked();
    await agent.stop();
    await eventually(() => bench.server.parkedPolls.count === 0, 'the end of the poll');
    expect(bench.server.parkedPolls.abandonedCount).toBe(1);
    expect(logs.filter(({ level }) => level !== 'info')).toEqual([]);
  });

  it('end when the server keeps the agent out, and begin anew when it no longer does', async () => {
    await bench.start();
    await parked();
    bench.server.answerAlways('heartbeat', () => refuse(403, 'AGENT_DISABLED'));
    await eventually(() => bench.server.parkedPolls.abandonedCount === 1, 'the end of the poll');
    const { length } = polls();
    await moreHeartbeats(3);
    expect(polls()).toHaveLength(length);
    bench.server.answerAlways('heartbeat', null);
    await parked();
  });

  it('do not become a flood when the server answers at once instead, and are held again when it does hold them', async () => {
    bench.server.answerAlways('poll', () => accept([]));
    await bench.start({ intervals: { ...QUICK, pollSeconds: 1 } });
    await eventually(() => polls().length === 3, 'three polls');
    await moreHeartbeats(5);
    expect(polls()).toHaveLength(3);
    bench.server.answerAlways('poll', null);
    await parked();
  });

  it('give way to others when something on the way cuts them off again and again', async () => {
    bench.server.answerAlways('poll', async ({ query, closed }) => {
      if (!query.has('wait')) return accept([]);
      await bench.server.parkedPolls.hold(0.05, closed);
      return refuse(504, 'GATEWAY_TIMEOUT');
    });
    await bench.start();
    await eventually(() => polls().at(-1)?.query.has('wait') === false, 'a poll that is not held');
    expect(polls().filter(({ query }) => query.has('wait'))).toHaveLength(3);
  });

  describe('while a command runs', () => {
    it('come back early when it is cancelled, and have the agent ask which one it is', async () => {
      const held = heldHandler();
      const command = aCommand();
      await bench.start({ intervals: SELDOM }, (agent) => agent.action(WORK, held.handler));
      await parked();
      bench.server.give(command);
      await eventually(() => held.started.length, 'the handler');
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
        await bench.start({ intervals: { ...SELDOM, pollSeconds: 0.05 } }, (agent) => agent.action(WORK, held.handler));
        bench.server.give(command);
        await eventually(() => held.started.length, 'the handler');
        bench.server.cancelledCommandIds.push(command.id);
        expect(await resultOf(command)).toMatchObject({ success: false, error: { code: 'COMMAND_CANCELLED' } });
      },
    );

    it('are not needed to hear of that when there is no room for another command', async () => {
      const held = heldHandler();
      const command = aCommand();
      const intervals = { ...SELDOM, pollSeconds: 0.02 };
      await bench.start({ intervals, maxConcurrentCommands: 1 }, (agent) => agent.action(WORK, held.handler));
      bench.server.give(command);
      await eventually(() => held.started.length, 'the handler');
      bench.server.cancel(command.id);
      expect(await resultOf(command)).toMatchObject({ success: false, error: { code: 'COMMAND_CANCELLED' } });
    });
  });
});
