import { Clock } from '../../src/common/time/clock.js';

/** The real time, moved by hand. */
export class FakeClock extends Clock {
  #offsetMs = 0;

  now(): Date {
    return new Date(Date.now() + this.#offsetMs);
  }

  advance(seconds: number): void {
    this.#offsetMs += seconds * 1000;
  }
}
