import type { Cadence } from './cadence.js';

/** Two clocks never quite agree on when a time is over. */
const NEARLY_ALL = 0.9;
/** So many in a row make a habit. */
const HABIT = 3;
const CUT_OFF_SECONDS = 300;

/** Learns from the last polls whether the server, and all that stands before it, holds them as it offers to. */
export class LongPolls {
  private hasty = 0;
  private cut = 0;
  /** By the monotonic clock, in milliseconds. */
  private againAt = 0;

  constructor(private readonly cadence: Cadence) {}

  /** How long the next poll may be held; 0 for not at all. */
  get waitSeconds(): number {
    return performance.now() < this.againAt ? 0 : this.cadence.longPollSeconds;
  }

  /** A poll brought commands. */
  succeeded(): void {
    this.hasty = 0;
    this.cut = 0;
  }

  /** A poll came back empty; answers whether it was held long enough for the next to follow at once. */
  cameBackEmpty(heldSeconds: number): boolean {
    if (this.wasHeld(heldSeconds)) {
      this.succeeded();
      return true;
    }
    this.hasty += 1;
    return this.hasty < HABIT;
  }

  /** A poll ended without an answer. Something that cuts long requests off makes polls at intervals the better ones. */
  failed(heldSeconds: number): void {
    if (!this.wasHeld(heldSeconds)) return;
    this.cut += 1;
    if (this.cut < HABIT) return;
    this.cut = 0;
    this.againAt = performance.now() + CUT_OFF_SECONDS * 1000;
  }

  private wasHeld(seconds: number): boolean {
    return seconds >= Math.min(this.cadence.pollSeconds, this.cadence.longPollSeconds * NEARLY_ALL);
  }
}
