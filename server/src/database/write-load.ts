/** Hears how writes fare. */
export interface WriteObserver {
  /** From when it was asked for until it was durable, or had failed. */
  onWrite(seconds: number): void;
  /** One commit, of as many writes as waited for it. */
  onCommit(seconds: number): void;
}

/** How the writes of this process fare. */
export class WriteLoad {
  readonly #open = new Set<{ readonly since: number }>();
  #observer: WriteObserver | null = null;

  /** How many have been asked for and are not yet done. */
  get waiting(): number {
    return this.#open.size;
  }

  /** How long the oldest of them has been waiting, in seconds; 0 when none is. */
  get oldestWaitSeconds(): number {
    const [oldest] = this.#open;
    return oldest ? secondsSince(oldest.since) : 0;
  }

  /** From now on tells `observer`, and nobody else. */
  observe(observer: WriteObserver): void {
    this.#observer = observer;
  }

  /** Runs a write and takes note of it. */
  async during<T>(write: () => Promise<T>): Promise<T> {
    const entry = { since: performance.now() };
    this.#open.add(entry);
    try {
      return await write();
    } finally {
      this.#open.delete(entry);
      this.#observer?.onWrite(secondsSince(entry.since));
    }
  }

  /** Takes note of a commit that began at this time of `performance.now()`. */
  committed(since: number): void {
    this.#observer?.onCommit(secondsSince(since));
  }
}

const secondsSince = (since: number): number => (performance.now() - since) / 1000;
