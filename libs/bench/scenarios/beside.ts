import { setTimeout as delay } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { operatorHeaders, successOf, type LightAgent } from '#testing';
import { disturbances, type Disturbance } from '../load/disturbances.js';
import type { DisturberData } from '../load/disturber.js';
import { openLoop } from '../load/open-loop.js';
import type { Latencies, Measurement } from '../measurement.js';
import type { OwnScenario } from '../scenario.js';
import type { Target } from '../target.js';

const HEARTBEATS_PER_SECOND = 200;
const HEAD_START_MS = 300;

/** Latency of heartbeats during expensive requests, compared with a quiet server. */
export const beside: OwnScenario = {
  id: 'beside',
  title: 'Heartbeats during expensive requests, on a filled store',
  kind: 'filled',
  async run({ installation, open, scale, profile, note }) {
    const { pid } = await installation.start({ nodeArguments: profile.nodeArguments });
    const target = await open(pid);
    const agents = await target.enrol(scale.agents);
    await beat(target, agents, scale.warmUpSeconds);
    const measurements: Measurement[] = [];
    for (const disturbance of disturbances(scale.filled)) {
      const quiet = await beat(target, agents, scale.seconds);
      const disturber = startDisturber(target, disturbance);
      await delay(HEAD_START_MS);
      const disturbed = await beat(target, agents, scale.seconds);
      note(`${disturbance.name}: ${await disturber.end()}.`);
      measurements.push(...comparison(disturbance.name, quiet, disturbed));
    }
    note(
      `${HEARTBEATS_PER_SECOND} heartbeats a second, each measured from when it was due; quiet before each disturbance.`,
    );
    return measurements;
  },
};

const beat = (target: Target, agents: readonly LightAgent[], seconds: number): Promise<Latencies> =>
  openLoop(HEARTBEATS_PER_SECOND, seconds, async (index) => {
    const agent = agents[index % agents.length];
    if (agent) successOf(await target.pool.send(agent.heartbeat));
  });

const comparison = (name: string, quiet: Latencies, disturbed: Latencies): readonly Measurement[] => [
  { metric: `${name}: quiet p99`, value: quiet.percentile(99), unit: 'ms' },
  { metric: `${name}: p99`, value: disturbed.percentile(99), unit: 'ms' },
  {
    metric: `${name}: p99 against quiet`,
    value: disturbed.percentile(99) / quiet.percentile(99),
    unit: '×',
    budget: { atMost: 2 },
  },
];

/** Runs a disturbance in its own thread, so that reading its responses does not delay the heartbeats. */
const startDisturber = (target: Target, disturbance: Disturbance): { readonly end: () => Promise<string> } => {
  const { url } = target.address;
  const workerData: DisturberData = { url: url.origin, headers: operatorHeaders(target.operator), disturbance };
  const worker = new Worker(new URL('../load/disturber.js', import.meta.url), { workerData });
  const statuses = new Map<number | string, number>();
  const count = (status: number | string): void => void statuses.set(status, (statuses.get(status) ?? 0) + 1);
  worker.on('message', count);
  worker.on('error', (error: Error) => {
    count(error.message);
  });
  const summary = (): string =>
    statuses.size === 0
      ? 'one request, unfinished'
      : `responses ${[...statuses].map(([status, times]) => `${times}× ${status}`).join(', ')}`;
  return {
    end: async () => {
      await worker.terminate();
      return summary();
    },
  };
};
