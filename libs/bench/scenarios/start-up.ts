import { setTimeout as delay } from 'node:timers/promises';
import { Latencies, type Measurement } from '../measurement.js';
import type { OwnScenario } from '../scenario.js';
import { residentBytes } from '../server/process-usage.js';

/** From the spawn to the first healthy response, on an existing store. */
export const startUp: OwnScenario = {
  id: 'start-up',
  title: 'Spawn to healthy, idle memory',
  kind: 'own',
  async run({ installation, scale }) {
    await installation.start();
    const starts = new Latencies();
    let pid = 0;
    for (let count = 0; count < scale.starts; count += 1) {
      await installation.stop();
      const server = await installation.start();
      starts.add(server.startMs);
      pid = server.pid;
    }
    await delay(scale.restSeconds * 1_000);
    return [
      { metric: 'spawn to healthy p50', value: starts.percentile(50), unit: 'ms', budget: { atMost: 800 } },
      { metric: 'spawn to healthy max', value: starts.percentile(100), unit: 'ms' },
      ...idleMemory(residentBytes(pid)),
    ];
  },
};

const idleMemory = (bytes: number | null): readonly Measurement[] =>
  bytes === null ? [] : [{ metric: 'idle RSS', value: bytes / 2 ** 20, unit: 'MB', budget: { atMost: 120 } }];
