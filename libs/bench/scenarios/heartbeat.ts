import { successOf } from '#testing';
import { closedLoop } from '../load/closed-loop.js';
import type { WireScenario } from '../scenario.js';

/** Heartbeats with unchanged health, at maximum throughput. */
export const heartbeat: WireScenario = {
  id: 'heartbeat',
  title: 'Heartbeats with health',
  kind: 'wire',
  async run(context) {
    const { target, scale } = context;
    const agents = await target.enrol(scale.agents);
    let next = 0;
    return closedLoop(context, {
      concurrency: scale.concurrency,
      budget: { atLeast: 6_000 },
      call: async () => {
        const agent = agents[next++ % agents.length];
        if (agent) successOf(await target.pool.send(agent.heartbeat));
      },
    });
  },
};
