/** Holds back whoever waits for it until it is open. */
export class Gate {
  private readonly waiting = new Set<() => void>();

  constructor(private passable = false) {}

  get isOpen(): boolean {
    return this.passable;
  }

  /** Lets everyone through until it is closed again. */
  open(): void {
    this.passable = true;
    for (const pass of [...this.waiting]) pass();
  }

  close(): void {
    this.passable = false;
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
