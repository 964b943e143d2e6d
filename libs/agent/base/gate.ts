/** A condition that others wait for: open or closed. */
export class Gate {
  private readonly waiters = new Set<() => void>();
  private closing = new AbortController();

  constructor(private isOpenNow = false) {}

  get isOpen(): boolean {
    return this.isOpenNow;
  }

  /** Aborts when the gate closes; already aborted while it is closed. */
  get closed(): AbortSignal {
    return this.closing.signal;
  }

  /** Resolves all waiters, now and until the gate is closed again. */
  open(): void {
    if (!this.isOpenNow) this.closing = new AbortController();
    this.isOpenNow = true;
    for (const resolve of [...this.waiters]) resolve();
  }

  close(): void {
    this.isOpenNow = false;
    this.closing.abort();
  }

  /** Resolves when the gate is open, or when `signal` aborts. */
  whenOpen(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (this.isOpenNow || signal.aborted) {
        resolve();
        return;
      }
      const done = (): void => {
        this.waiters.delete(done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      this.waiters.add(done);
      signal.addEventListener('abort', done);
    });
  }
}
