import { Clock } from '../../src/common/clock.js';

/** The real time, moved by hand. */
export class FakeClock extends Clock {
  #offsetMs = 0;
  #stoppedAt: number | null = null;

  now(): Date {
    return new Date((this.#stoppedAt ?? Date.now()) + this.#offsetMs);
  }

  /** How far it was moved. */
  get offsetMs(): number {
    return this.#offsetMs;
  }

  advance(seconds: number): void {
    this.#offsetMs += seconds * 1000;
  }

  /** From here on only {@link advance} moves it, so that a busy machine does not decide which side of a limit is reached. */
  stop(): void {
    this.#stoppedAt ??= Date.now();
  }
}
