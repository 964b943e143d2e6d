import { GuardedClock } from '../../src/common/guarded-clock.js';

/** Milliseconds that tests have added to the real time of day and to the time since. */
interface Offsets {
  wallMs: number;
  sinceMs: number;
  stoppedAt: number | null;
}

/** The real time plus an offset that tests set, guarded like the clock of a real server. */
export class FakeClock extends GuardedClock {
  readonly #offsets: Offsets;

  constructor() {
    const offsets: Offsets = { wallMs: 0, sinceMs: 0, stoppedAt: null };
    const real = (): number => offsets.stoppedAt ?? Date.now();
    super({
      wallMs: () => real() + offsets.wallMs,
      monotonicMs: () => real() + offsets.sinceMs,
      uptimeMs: () => real() + offsets.sinceMs,
    });
    this.#offsets = offsets;
  }

  /** The sum of all advances. */
  get offsetMs(): number {
    return this.#offsets.wallMs;
  }

  /** Lets time pass while the server runs. */
  advance(seconds: number): void {
    this.#pass(seconds);
    this.skipPause();
  }

  /** Lets time pass while the server does not run, as after SIGSTOP. */
  pause(seconds: number): void {
    this.now();
    this.#pass(seconds);
  }

  /** Sets the machine's time of day, without any time passing. */
  set(seconds: number): void {
    this.now();
    this.#offsets.wallMs += seconds * 1000;
  }

  /** Freezes the clock: from now on only {@link advance} moves it, so a slow machine cannot cross a time limit. */
  stop(): void {
    this.#offsets.stoppedAt ??= Date.now();
  }

  #pass(seconds: number): void {
    this.#offsets.wallMs += seconds * 1000;
    this.#offsets.sinceMs += seconds * 1000;
  }
}
