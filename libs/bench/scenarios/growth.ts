import { fileURLToPath } from 'node:url';
import { successOf, type LightAgent } from '#testing';
import { openLoop } from '../load/open-loop.js';
import type { OwnScenario } from '../scenario.js';
import { grownRows, storeSize } from '../server/store-size.js';
import type { Target } from '../target.js';

const CLOCK = fileURLToPath(new URL('../server/accelerated-clock.js', import.meta.url));
const SPEED = 240;
const AGENTS = 20;
const HOUR_SECONDS = 3_600;
/** Calls of one agent per minute: two heartbeats with health, one report. */
const CALLS_PER_MINUTE = 3;

/** Growth of the store when nothing changes, with an accelerated server clock. */
export const growth: OwnScenario = {
  id: 'growth',
  title: 'Growth of the store when nothing changes',
  kind: 'own',
  async run({ installation, open, scale, profile, note }) {
    const { before: hoursBefore, measured: hours } = scale.simulatedHours;
    const day = HOUR_SECONDS * 24;
    const { pid } = await installation.start({
      nodeArguments: ['--import', CLOCK, ...profile.nodeArguments],
      settings: {
        BENCH_CLOCK_SPEED: String(SPEED),
        // With the fast clock a pause of a third of a second would make an agent offline.
        OPSTAGE_AGENT_OFFLINE_THRESHOLD_SECONDS: String(day),
        OPSTAGE_SERVICE_STALE_THRESHOLD_SECONDS: String(day),
      },
    });
    const target = await open(pid);
    const agents = await target.enrol(AGENTS);
    await idle(target, agents, hoursBefore);
    const before = storeSize(installation.databaseFile);
    await idle(target, agents, hours);
    const after = storeSize(installation.databaseFile);
    const perAgentAndDay = ((after.bytes - before.bytes) / AGENTS) * (24 / hours);
    note(`${AGENTS} agents, ${hours} h with the server clock at ${SPEED}×, extrapolated to a day.`);
    note(`Rows added: ${grownRows(before, after).join(', ') || 'none'}.`);
    return [{ metric: 'per agent and day', value: perAgentAndDay / 1_024, unit: 'KB', budget: { atMost: 10 } }];
  },
};

/** Runs the routine calls of agents for a number of hours on the server's clock. */
const idle = async (target: Target, agents: readonly LightAgent[], hours: number): Promise<void> => {
  const seconds = (hours * HOUR_SECONDS) / SPEED;
  const perSecond = (agents.length * CALLS_PER_MINUTE * SPEED) / 60;
  await openLoop(perSecond, seconds, async (index) => {
    const agent = agents[index % agents.length];
    const turn = Math.floor(index / agents.length) % CALLS_PER_MINUTE;
    if (agent) successOf(await target.pool.send(turn === 0 ? agent.report() : agent.heartbeat));
  });
};
