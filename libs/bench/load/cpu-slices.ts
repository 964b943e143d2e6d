import { cpuSeconds } from '../server/process-usage.js';

const SLICE_MS = 1_000;

/**
 * Samples the CPU time of a server every second. The cheapest second is the one least disturbed by the rest of the
 * machine: on a shared machine it is reproducible where the mean is not.
 */
export class CpuSlices {
  readonly #timer: NodeJS.Timeout;
  #best = Infinity;
  #calls = 0;
  #seconds: number;

  /** `callsSoFar` returns the number of completed calls. */
  constructor(
    private readonly pid: number,
    private readonly callsSoFar: () => number,
  ) {
    this.#seconds = cpuSeconds(pid) ?? Number.NaN;
    this.#timer = setInterval(() => {
      this.#look();
    }, SLICE_MS);
  }

  /** Microseconds per call in the cheapest second; null without a full second. */
  end(): number | null {
    clearInterval(this.#timer);
    return Number.isFinite(this.#best) ? this.#best : null;
  }

  #look(): void {
    const calls = this.callsSoFar();
    const seconds = cpuSeconds(this.pid) ?? Number.NaN;
    const perCall = ((seconds - this.#seconds) / (calls - this.#calls)) * 1e6;
    if (perCall < this.#best) this.#best = perCall;
    this.#calls = calls;
    this.#seconds = seconds;
  }
}
