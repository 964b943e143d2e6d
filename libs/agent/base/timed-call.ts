import { guardedSignal } from './guarded-signal.js';
import { messageOf } from './thrown.js';
import { endsWithin, timerMs } from './waiting.js';

/**
 * Calls a function of the service that may hang: one call at a time, shared by all who ask, and none of them waits longer
 * than the limit. The function's signal aborts at the limit; until it has ended it is not called again.
 */
export class TimedCall<T> {
  private running: { readonly result: Promise<T>; readonly endsAt: number } | null = null;

  /** `subject` starts the error message, for example "The health check". */
  constructor(
    private readonly work: (signal: AbortSignal) => T | Promise<T>,
    private readonly limitSeconds: number,
    private readonly subject: string,
    private readonly onTrouble: (trouble: string) => void = () => undefined,
  ) {}

  /** What the function returned. @throws what it throws, or an error that says that it takes too long */
  async result(): Promise<T> {
    const isNew = this.running === null;
    const { result, endsAt } = (this.running ??= this.begin());
    const leftSeconds = (endsAt - performance.now()) / 1000;
    if (leftSeconds > 0 && (await endsWithin(result, leftSeconds))) return result;
    const still = isNew ? '' : ' It is still running, and is not called again before it ends.';
    throw new Error(`${this.subject} took longer than ${this.limitSeconds} seconds.${still}`);
  }

  private begin(): { readonly result: Promise<T>; readonly endsAt: number } {
    const limit = new AbortController();
    const timer = setTimeout(() => {
      limit.abort(new Error(`${this.subject} took longer than ${this.limitSeconds} seconds.`));
    }, timerMs(this.limitSeconds)).unref();
    const signal = guardedSignal(limit.signal, (error) => {
      this.onTrouble(`${this.subject} failed when its signal aborted: ${messageOf(error)}`);
    });
    const result = (async () => this.work(signal))();
    const ended = (): void => {
      clearTimeout(timer);
      this.running = null;
    };
    result.then(ended, ended);
    return { result, endsAt: performance.now() + this.limitSeconds * 1000 };
  }
}
