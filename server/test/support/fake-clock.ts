import { Clock } from '../../src/common/clock.js';

/** The real time plus an offset that tests set. */
export class FakeClock extends Clock {
  #offsetMs = 0;
  #stoppedAt: number | null = null;

  now(): Date {
    return new Date((this.#stoppedAt ?? Date.now()) + this.#offsetMs);
  }

  /** The sum of all advances. */
  get offsetMs(): number {
    return this.#offsetMs;
  }

  advance(seconds: number): void {
    this.#offsetMs += seconds * 1000;
  }

  /** Freezes the clock: from now on only {@link advance} moves it, so a slow machine cannot cross a time limit. */
  stop(): void {
    this.#stoppedAt ??= Date.now();
  }
}
