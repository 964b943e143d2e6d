import { retryAfterOf } from './errors.js';
import { sleep } from './waiting.js';

/** One round of a loop: does its work and returns the seconds until the next. */
export type LoopStep = (signal: AbortSignal) => Promise<number>;

/** After a failure that not even the failure's handler survives. */
const LAST_RESORT_SECONDS = 30;

/** Runs a step repeatedly, one at a time, until it is stopped. */
export class Loop {
  private readonly stopping = new AbortController();
  private pause = new AbortController();
  private running: Promise<void> | null = null;

  /** A step that throws does not end the loop: `onFailure` returns the seconds to wait after it. */
  constructor(
    private readonly step: LoopStep,
    private readonly onFailure: (error: unknown, stopping: AbortSignal) => number | Promise<number>,
  ) {}

  start(): void {
    this.running ??= this.run(this.stopping.signal);
  }

  /** Starts the next round now, or right after the current one. */
  wake(): void {
    this.pause.abort();
  }

  /** Starts no further round; resolves when the current one has ended. */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.wake();
    await this.running;
  }

  private async run(stopping: AbortSignal): Promise<void> {
    while (!stopping.aborted) {
      this.pause = new AbortController();
      const seconds = await this.step(stopping)
        .catch((error: unknown) => this.waitAfter(error, stopping))
        .catch(() => LAST_RESORT_SECONDS);
      await sleep(seconds, this.pause.signal);
    }
  }

  /** Seconds still to wait, unless woken, after a step that failed. */
  private async waitAfter(error: unknown, stopping: AbortSignal): Promise<number> {
    // A failure while stopping is expected and not reported.
    if (stopping.aborted) return 0;
    const seconds = await this.onFailure(error, stopping);
    if (retryAfterOf(error) === 0) return seconds;
    // A `Retry-After` is honoured even when woken.
    await sleep(seconds, stopping);
    return 0;
  }
}
