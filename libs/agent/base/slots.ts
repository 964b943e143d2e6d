/** A counting semaphore: a fixed number of slots, and a queue for callers when none is free. */
export class Slots {
  private taken = 0;
  private readonly queue: (() => void)[] = [];

  constructor(private readonly count: number) {}

  /** Slots that are neither taken nor queued for. */
  get free(): number {
    return Math.max(0, this.count - this.taken - this.queue.length);
  }

  /** Resolves when the caller has a slot, which it must return with `release`. */
  take(): Promise<void> {
    if (this.taken < this.count) {
      this.taken += 1;
      return Promise.resolve();
    }
    return new Promise((resolve) => this.queue.push(resolve));
  }

  release(): void {
    const next = this.queue.shift();
    if (next) next();
    else this.taken -= 1;
  }
}
