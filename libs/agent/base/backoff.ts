/** `seconds` plus or minus 10 %, so that many agents do not call at the same moment. */
export const jittered = (seconds: number): number => seconds * (0.9 + Math.random() * 0.2);

/** Delays that grow with every consecutive failure: exponential, randomised, bounded. */
export class Backoff {
  private failures = 0;

  constructor(
    private readonly baseSeconds: number,
    private readonly maxSeconds: number,
  ) {}

  /** Starts again from the shortest delay. */
  reset(): void {
    this.failures = 0;
  }

  /** Seconds to wait after one more failure; never less than the server's `Retry-After`. */
  nextSeconds(retryAfterSeconds = 0): number {
    const ceiling = Math.min(this.maxSeconds, this.baseSeconds * 2 ** this.failures);
    this.failures = Math.min(this.failures + 1, 30);
    const own = ceiling * (0.5 + Math.random() * 0.5);
    return Math.max(own, retryAfterSeconds * (1 + Math.random() * 0.1));
  }
}
