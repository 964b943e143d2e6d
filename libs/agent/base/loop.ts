import { retryAfterOf } from './errors.js';
import { sleep } from './waiting.js';

/** One round of a loop: does its work and answers with the seconds until the next. */
export type LoopStep = (signal: AbortSignal) => Promise<number>;

/** Runs a step again and again, one at a time, until it is stopped. */
export class Loop {
  private readonly stopping = new AbortController();
  private pause = new AbortController();
  private running: Promise<void> | null = null;

  /** A step that throws does not end the loop: `onFailure` answers with the seconds to wait after it. */
  constructor(
    private readonly step: LoopStep,
    private readonly onFailure: (error: unknown) => number,
  ) {}

  start(): void {
    this.running ??= this.run(this.stopping.signal);
  }

  /** Has the next round begin now, or right after the one that is under way. */
  nudge(): void {
    this.pause.abort();
  }

  /** Begins no further round; resolves when the one under way has ended. */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.nudge();
    await this.running;
  }

  private async run(stopping: AbortSignal): Promise<void> {
    while (!stopping.aborted) {
      this.pause = new AbortController();
      const seconds = await this.step(stopping).catch((error: unknown) => this.waitAfter(error, stopping));
      await sleep(seconds, this.pause.signal);
    }
  }

  /** Seconds to wait still, unless nudged, after a step that failed. */
  private async waitAfter(error: unknown, stopping: AbortSignal): Promise<number> {
    // What fails because the loop is being stopped is nobody's trouble.
    if (stopping.aborted) return 0;
    const seconds = this.onFailure(error);
    if (retryAfterOf(error) === 0) return seconds;
    // A server that asked to be left alone is: there no nudge counts.
    await sleep(seconds, stopping);
    return 0;
  }
}
