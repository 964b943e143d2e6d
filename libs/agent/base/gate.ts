/** Holds back whoever waits for it until it is open. */
export class Gate {
  private readonly waiting = new Set<() => void>();
  private closing = new AbortController();

  constructor(private passable = false) {}

  get isOpen(): boolean {
    return this.passable;
  }

  /** Aborts when the gate, open now, is closed. */
  get untilClosed(): AbortSignal {
    return this.closing.signal;
  }

  /** Lets everyone through until it is closed again. */
  open(): void {
    if (!this.passable) this.closing = new AbortController();
    this.passable = true;
    for (const pass of [...this.waiting]) pass();
  }

  close(): void {
    this.passable = false;
    this.closing.abort();
  }

  /** Resolves when the gate is open, or when `signal` aborts. */
  opened(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (this.passable || signal.aborted) {
        resolve();
        return;
      }
      const pass = (): void => {
        this.waiting.delete(pass);
        signal.removeEventListener('abort', pass);
        resolve();
      };
      this.waiting.add(pass);
      signal.addEventListener('abort', pass);
    });
  }
}
