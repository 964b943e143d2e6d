import { makeTokens, registration, successOf } from '#testing';
import { closedLoop } from '../load/closed-loop.js';
import type { WireScenario } from '../scenario.js';

/** Registrations of new agents with a service each, with tokens created in advance. */
export const register: WireScenario = {
  id: 'register',
  title: 'Registrations with a service',
  kind: 'wire',
  async run(context) {
    const { target, scale } = context;
    const prefix = `new-${Date.now().toString(36)}`;
    const tokens = await makeTokens(target.enroller, scale.registrations);
    let next = 0;
    return closedLoop(context, {
      concurrency: scale.concurrency,
      budget: { atLeast: 1_000 },
      calls: tokens.length,
      call: async () => {
        const index = next++;
        successOf(await target.pool.send(registration(target.endpoint, tokens[index] ?? '', `${prefix}-${index}`)));
      },
    });
  },
};
