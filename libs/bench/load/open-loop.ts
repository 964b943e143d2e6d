import { setTimeout as delay } from 'node:timers/promises';
import { Latencies } from '../measurement.js';
import { Failures } from './failures.js';

const TICK_MS = 2;

/**
 * Calls at a fixed rate regardless of the responses, and measures each from the time it was due: when the server stalls
 * for a second, every call due in that second is late. @throws Error when a call failed
 */
export const openLoop = async (
  perSecond: number,
  seconds: number,
  call: (index: number) => Promise<void>,
): Promise<Latencies> => {
  const latencies = new Latencies();
  const failures = new Failures();
  const calls: Promise<void>[] = [];
  const begin = performance.now();
  const count = Math.round(perSecond * seconds);
  for (let index = 0; index < count;) {
    const now = performance.now();
    for (; index < count && begin + (index / perSecond) * 1_000 <= now; index += 1) {
      const due = begin + (index / perSecond) * 1_000;
      const done = call(index).then(
        () => {
          latencies.add(performance.now() - due);
        },
        (error: unknown) => {
          failures.add(error);
        },
      );
      calls.push(done);
    }
    await delay(TICK_MS);
  }
  await Promise.all(calls);
  if (failures.count > 0) throw new Error(`${failures.count} calls failed: ${failures.toString()}`);
  return latencies;
};
