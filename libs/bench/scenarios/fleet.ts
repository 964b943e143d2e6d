import { setTimeout as delay } from 'node:timers/promises';
import { inParallel, type FleetSimulator, type LightAgent } from '#testing';
import { measured } from '../load/measured.js';
import { parkFleet, remarksOn } from '../load/parked-fleet.js';
import { within } from '../load/within.js';
import { Latencies, type Measurement } from '../measurement.js';
import type { OwnContext, OwnScenario } from '../scenario.js';
import { residentBytes } from '../server/process-usage.js';
import type { Target } from '../target.js';

const SETTLE_MS = 2_000;
const CREATORS = 32;
const WAKE_LIMIT_SECONDS = 120;
const MAX_WARM_UP_CALLS = 2_000;

/** A whole fleet parked on one server: the cost of an idle agent, and the time to wake all of them. */
export const fleet: OwnScenario = {
  id: 'fleet',
  title: 'A fleet of parked agents',
  kind: 'own',
  async run(context) {
    const agents = await enrolled(context);
    // A fresh process, so that the memory used for registration does not hide that of parking.
    const { pid } = await context.installation.start({ nodeArguments: context.profile.nodeArguments });
    const target = await context.open(pid);
    await warmUp(target, agents);
    await delay(SETTLE_MS);
    const before = residentBytes(pid) ?? Number.NaN;
    const woken = new Map<LightAgent, number>();
    const simulator = await parkFleet(target, agents, context.scale.pollIntervalSeconds, (agent) =>
      woken.set(agent, performance.now()),
    );
    try {
      const idle = await idling(context, simulator, pid);
      const perAgent = ((residentBytes(pid) ?? Number.NaN) - before) / agents.length / 1_024;
      const woke = await wakeAll(target, agents, woken);
      for (const remark of remarksOn(simulator)) context.note(remark);
      context.note(`${agents.length} agents, one heartbeat per ${context.scale.fleetHeartbeatSeconds} s each.`);
      return [{ metric: 'memory per agent', value: perAgent, unit: 'KB', budget: { atMost: 40 } }, ...idle, ...woke];
    } finally {
      simulator.stop();
    }
  },
};

const enrolled = async ({ installation, open, scale }: OwnContext): Promise<readonly LightAgent[]> => {
  const { pid } = await installation.start();
  const agents = await (await open(pid)).enrol(scale.fleetAgents);
  await installation.stop();
  return agents;
};

/** Warms the server up: its base cost is not a cost of the fleet. */
const warmUp = (target: Target, agents: readonly LightAgent[]): Promise<unknown> =>
  inParallel(Math.min(MAX_WARM_UP_CALLS, 4 * agents.length), CREATORS, async (index) => {
    const agent = agents[index % agents.length];
    if (agent) await target.ask(index % 2 === 0 ? agent.heartbeat : agent.poll(0));
  });

/** Measures the second of two heartbeat intervals, when every agent is online again. */
const idling = async (
  { scale, profile, note }: OwnContext,
  simulator: FleetSimulator,
  pid: number,
): Promise<readonly Measurement[]> => {
  const intervalMs = scale.fleetHeartbeatSeconds * 1_000;
  void simulator.beat(scale.fleetHeartbeatSeconds);
  await delay(intervalMs);
  const heartbeats = simulator.heartbeats;
  const cost = await profile.during(() => measured(pid, () => delay(intervalMs)));
  const share = (100 * (cost.serverCpuSeconds ?? Number.NaN)) / cost.seconds;
  note(
    `${simulator.heartbeats - heartbeats} heartbeats in ${cost.seconds.toFixed(0)} s; load ${cost.loadBusyPercent.toFixed(0)} % busy.`,
  );
  return [{ metric: 'core used while parked', value: share, unit: '%', budget: { atMost: 20 } }];
};

/** Creates one command per agent and measures the time until the last has it. */
const wakeAll = async (
  target: Target,
  agents: readonly LightAgent[],
  woken: ReadonlyMap<LightAgent, number>,
): Promise<readonly Measurement[]> => {
  const created = new Map<LightAgent, number>();
  const begin = performance.now();
  await inParallel(agents.length, CREATORS, async (index) => {
    const agent = agents[index];
    if (!agent) return;
    const path = `/api/admin/capsule-services/${agent.serviceId}/actions/echo`;
    await target.ask(target.request('POST', path, { body: { payload: { text: 'wake' } } }));
    created.set(agent, performance.now());
  });
  const last = performance.now();
  await within(WAKE_LIMIT_SECONDS, 'every agent has its command', untilAll(agents, woken));
  const waits = new Latencies();
  for (const [agent, at] of created) waits.add(Math.max(0, (woken.get(agent) ?? Number.NaN) - at));
  const lastWake = Math.max(...agents.map((agent) => woken.get(agent) ?? Number.NaN));
  return [
    { metric: 'one command each, all created after', value: (last - begin) / 1_000, unit: 's' },
    {
      metric: 'all woken after the last',
      value: Math.max(0, lastWake - last) / 1_000,
      unit: 's',
      budget: { atMost: 5 },
    },
    { metric: 'created to woken p99', value: waits.percentile(99), unit: 'ms' },
  ];
};

const untilAll = async (agents: readonly LightAgent[], woken: ReadonlyMap<LightAgent, number>): Promise<void> => {
  while (!agents.every((agent) => woken.has(agent))) await delay(5);
};
