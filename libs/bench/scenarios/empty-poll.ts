import { successOf } from '#testing';
import { closedLoop } from '../load/closed-loop.js';
import type { WireScenario } from '../scenario.js';

/** Polls without commands, answered immediately. */
export const emptyPoll: WireScenario = {
  id: 'empty-poll',
  title: 'Empty polls (wait=0)',
  kind: 'wire',
  async run(context) {
    const { target, scale } = context;
    const agents = await target.enrol(scale.agents);
    const polls = agents.map((agent) => agent.poll(0));
    let next = 0;
    return closedLoop(context, {
      concurrency: scale.concurrency,
      budget: { atLeast: 8_000 },
      call: async () => {
        successOf(await target.pool.send(polls[next++ % polls.length] ?? ''));
      },
    });
  },
};
