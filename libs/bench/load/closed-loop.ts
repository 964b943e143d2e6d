import { Latencies, type Budget, type Measurement } from '../measurement.js';
import type { BenchContext } from '../scenario.js';
import { CpuSlices } from './cpu-slices.js';
import { Failures } from './failures.js';
import { measured } from './measured.js';

/** Share of a limited number of calls that the warm-up may use. */
const WARM_UP_SHARE = 0.3;

/** A load of calls without pauses. */
export interface ClosedLoop {
  /** Number of concurrent calls. */
  readonly concurrency: number;
  /** One call; `lane` is 0 to concurrency - 1. */
  readonly call: (lane: number) => Promise<void>;
  readonly budget?: Budget;
  /** Total number of calls, if each can be made only once. Default: as many as fit in the duration. */
  readonly calls?: number;
}

/** The server to measure, and for how long. */
type LoopContext = Pick<BenchContext, 'scale' | 'profile' | 'note'> & {
  readonly target: Pick<BenchContext['target'], 'pid'>;
};

/** Measures maximum throughput: the rate, latencies, and CPU time per call. */
export const closedLoop = async (
  { target, scale, profile, note }: LoopContext,
  { concurrency, call, budget, calls = Infinity }: ClosedLoop,
): Promise<readonly Measurement[]> => {
  const latencies = new Latencies();
  const failures = new Failures();
  let begun = 0;
  const lanes = (seconds: number, most: number, onDone: (ms: number) => void): Promise<unknown> => {
    const end = performance.now() + seconds * 1_000;
    const lane = async (number: number): Promise<void> => {
      for (let now = performance.now(); now < end && begun < most; now = performance.now()) {
        begun += 1;
        await call(number).then(
          () => {
            onDone(performance.now() - now);
          },
          (error: unknown) => {
            failures.add(error);
          },
        );
      }
    };
    return Promise.all(Array.from({ length: concurrency }, (_, number) => lane(number)));
  };
  await lanes(scale.warmUpSeconds, calls * WARM_UP_SHARE, () => undefined);
  const slices = target.pid === null ? null : new CpuSlices(target.pid, () => latencies.count);
  const cost = await profile.during(() =>
    measured(target.pid, async () => {
      await lanes(scale.seconds, calls, (ms) => {
        latencies.add(ms);
      });
    }),
  );
  const best = slices?.end() ?? null;
  if (failures.count > 0) throw new Error(`${failures.count} calls failed: ${failures.toString()}`);
  if (latencies.count === 0) throw new Error('No calls were left after the warm-up.');
  note(`Load ${cost.loadBusyPercent.toFixed(0)} % busy.`);
  return [
    { metric: 'rate', value: latencies.count / cost.seconds, unit: '/s', ...(budget && { budget }) },
    ...latencies.summary(''),
    ...cpuPerCall(cost.serverCpuSeconds, latencies.count),
    ...(best === null ? [] : [{ metric: 'server CPU per call, best second', value: best, unit: 'µs' } as const]),
  ];
};

/** CPU time of the server per call, over all threads; empty when it is unknown. */
export const cpuPerCall = (serverCpuSeconds: number | null, calls: number): readonly Measurement[] =>
  serverCpuSeconds === null
    ? []
    : [{ metric: 'server CPU per call', value: (serverCpuSeconds / calls) * 1e6, unit: 'µs' }];
