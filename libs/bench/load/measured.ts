import { cpuSeconds } from '../server/process-usage.js';

/** The cost of some work. */
export interface Cost {
  readonly seconds: number;
  /** CPU time of the server; null when it cannot be read. */
  readonly serverCpuSeconds: number | null;
  /** CPU utilisation of this process; near 100 the load generator is the bottleneck. */
  readonly loadBusyPercent: number;
}

/** Runs `work` and returns its cost. */
export const measured = async (pid: number | null, work: () => Promise<void>): Promise<Cost> => {
  const serverBefore = pid === null ? null : cpuSeconds(pid);
  const loadBefore = process.cpuUsage();
  const begin = performance.now();
  await work();
  const seconds = (performance.now() - begin) / 1_000;
  const { user, system } = process.cpuUsage(loadBefore);
  const serverAfter = pid === null ? null : cpuSeconds(pid);
  return {
    seconds,
    serverCpuSeconds: serverBefore === null || serverAfter === null ? null : serverAfter - serverBefore,
    loadBusyPercent: (user + system) / 10_000 / seconds,
  };
};
