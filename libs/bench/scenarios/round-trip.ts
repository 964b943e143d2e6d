import { setTimeout as delay } from 'node:timers/promises';
import type { Command } from '#contracts';
import type { LightAgent } from '#testing';
import { cpuPerCall } from '../load/closed-loop.js';
import { measured } from '../load/measured.js';
import { parkFleet, remarksOn } from '../load/parked-fleet.js';
import { ResultWatch } from '../load/result-watch.js';
import { within } from '../load/within.js';
import { Latencies } from '../measurement.js';
import type { WireScenario } from '../scenario.js';

const CLICKS_PER_SECOND = 20;
const PATIENCE_SECONDS = 60;

/** An operator runs actions now and then while the fleet is parked. */
export const roundTrip: WireScenario = {
  id: 'round-trip',
  title: 'Click to handler, click to result',
  kind: 'wire',
  async run({ target, scale, profile, note }) {
    const agents = await target.enrol(scale.agents);
    const handlers = new Map<LightAgent, () => void>();
    const fleet = await parkFleet(target, agents, scale.pollIntervalSeconds, (agent) => handlers.get(agent)?.());
    const watch = await ResultWatch.open(target);
    const toHandler = new Latencies();
    const toResult = new Latencies();
    const click = async (agent: LightAgent): Promise<void> => {
      const begin = performance.now();
      const handled = new Promise<void>((resolve) => {
        handlers.set(agent, () => {
          toHandler.add(performance.now() - begin);
          resolve();
        });
      });
      const path = `/api/admin/capsule-services/${agent.serviceId}/actions/echo`;
      const { id } = await target.ask<Command>(target.request('POST', path, { body: { payload: { text: 'hi' } } }));
      // Reading earlier could not find a result and would only add load.
      await handled;
      await watch.result(id);
      toResult.add(performance.now() - begin);
    };
    const clicks: Promise<void>[] = [];
    const cost = await profile.during(() =>
      measured(target.pid, async () => {
        for (let index = 0; index < scale.clicks; index += 1) {
          const agent = agents[index % agents.length];
          if (agent) clicks.push(within(PATIENCE_SECONDS, `the result of ${agent.code}`, click(agent)));
          await delay(1_000 / CLICKS_PER_SECOND);
        }
        await Promise.all(clicks);
      }),
    );
    for (const remark of remarksOn(fleet)) note(remark);
    note(`${agents.length} agents, ${CLICKS_PER_SECOND} clicks a second; results detected by ${watch.means}.`);
    fleet.stop();
    watch.close();
    return [
      ...toHandler.summary('click to handler', { p50: 10, p99: 50 }),
      ...toResult.summary('click to result', { p50: 15, p99: 50 }),
      ...cpuPerCall(cost.serverCpuSeconds, scale.clicks),
    ];
  },
};
