import { cpuSeconds } from '../server/process-usage.js';

const SLICE_MS = 1_000;

/**
 * Watches the CPU time of a server second by second. The cheapest second is the one in which the rest of the machine
 * disturbed it least: on a shared machine it can be repeated where the mean cannot.
 */
export class CpuSlices {
  readonly #timer: NodeJS.Timeout;
  #best = Infinity;
  #calls = 0;
  #seconds: number;

  /** `callsSoFar` says how many calls have been answered. */
  constructor(
    private readonly pid: number,
    private readonly callsSoFar: () => number,
  ) {
    this.#seconds = cpuSeconds(pid) ?? Number.NaN;
    this.#timer = setInterval(() => {
      this.#look();
    }, SLICE_MS);
  }

  /** Microseconds a call in the cheapest second; null when there was not a whole one. */
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
