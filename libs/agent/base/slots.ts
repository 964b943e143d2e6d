/** A bounded number of places; who finds none free waits in line. */
export class Slots {
  private taken = 0;
  private readonly line: (() => void)[] = [];

  constructor(private readonly count: number) {}

  /** Places nobody has or waits for. */
  get free(): number {
    return Math.max(0, this.count - this.taken - this.line.length);
  }

  /** Resolves when a place is the caller's, who must give it back with `release`. */
  take(): Promise<void> {
    if (this.taken < this.count) {
      this.taken += 1;
      return Promise.resolve();
    }
    return new Promise((resolve) => this.line.push(resolve));
  }

  release(): void {
    const next = this.line.shift();
    if (next) next();
    else this.taken -= 1;
  }
}
