import type { AgentCommand, Command, CommandDetail } from '#contracts';
import { successOf, type LightAgent } from '#testing';
import { closedLoop } from '../load/closed-loop.js';
import type { WireScenario } from '../scenario.js';
import type { Target } from '../target.js';

const runOne = async (target: Target, agent: LightAgent): Promise<void> => {
  const body = { payload: { text: 'hello' } };
  const path = `/api/admin/capsule-services/${agent.serviceId}/actions/echo`;
  const { id } = await target.ask<Command>(target.request('POST', path, { body }));
  const [command] = await target.ask<readonly AgentCommand[]>(agent.poll(0));
  if (command?.id !== id) throw new Error(`The next poll did not return command ${id}.`);
  const result = { success: true, message: 'Done.', data: { text: 'hello' } };
  successOf(await target.pool.send(agent.result(id, result)));
  const { status } = await target.ask<CommandDetail>(target.request('GET', `/api/admin/commands/${id}`));
  if (status !== 'SUCCEEDED') throw new Error(`Command ${id} is ${status} after its result was accepted.`);
};

/** Commands from creation to the result an operator reads, each with its own agent. */
export const throughput: WireScenario = {
  id: 'throughput',
  title: 'Commands end to end (create, claim, result, read back)',
  kind: 'wire',
  async run(context) {
    const { target, scale } = context;
    const agents = await target.enrol(scale.concurrency);
    return closedLoop(context, {
      concurrency: agents.length,
      budget: { atLeast: 1_000 },
      call: async (lane) => {
        const agent = agents[lane];
        if (agent) await runOne(target, agent);
      },
    });
  },
};
