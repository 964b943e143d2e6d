import type { Cadence } from './cadence.js';

/** The two clocks differ slightly, so a poll held for this share of its time counts as held. */
const HELD_SHARE = 0.9;
/** This many in a row are a pattern. */
const PATTERN = 3;
const PAUSE_SECONDS = 300;

/** Detects from the last polls whether the server, and any proxy in front of it, really holds polls open. */
export class LongPolls {
  private earlyAnswers = 0;
  private cutPolls = 0;
  /** Monotonic clock, in milliseconds. */
  private pausedUntil = 0;

  constructor(private readonly cadence: Cadence) {}

  /** How long the next poll may be held; 0 when it may not. */
  get waitSeconds(): number {
    return performance.now() < this.pausedUntil ? 0 : this.cadence.longPollSeconds;
  }

  /** A poll returned commands. */
  succeeded(): void {
    this.earlyAnswers = 0;
    this.cutPolls = 0;
  }

  /** A poll returned nothing; returns whether the next one may follow at once. */
  cameBackEmpty(heldSeconds: number): boolean {
    if (this.wasHeld(heldSeconds)) {
      this.succeeded();
      return true;
    }
    this.earlyAnswers += 1;
    return this.earlyAnswers < PATTERN;
  }

  /** A poll failed. If something keeps cutting off long requests, polling at intervals works better for a while. */
  failed(heldSeconds: number): void {
    if (!this.wasHeld(heldSeconds)) return;
    this.cutPolls += 1;
    if (this.cutPolls < PATTERN) return;
    this.cutPolls = 0;
    this.pausedUntil = performance.now() + PAUSE_SECONDS * 1000;
  }

  private wasHeld(seconds: number): boolean {
    return seconds >= Math.min(this.cadence.pollSeconds, this.cadence.longPollSeconds * HELD_SHARE);
  }
}
