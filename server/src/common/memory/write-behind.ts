const SECOND_MS = 1_000;

type Instants<K> = ReadonlyMap<K, number>;

/**
 * Collects the newest instant of each key and writes them together once a second, on the second, so that they share a commit
 * with other writes. A crash loses at most one second of them.
 */
export class WriteBehind<K> {
  #waiting = new Map<K, number>();
  readonly #newest = new Map<K, number>();
  #timer: NodeJS.Timeout | null = null;
  #written: Promise<void> = Promise.resolve();

  /** @param onFailure is called with the error of a failed write; its instants are written with the next one */
  constructor(
    private readonly write: (instants: Instants<K>) => Promise<void>,
    private readonly onFailure: (error: unknown) => void,
  ) {}

  /**
   * Records an instant in milliseconds since the epoch, unless a newer one is known. Returns the newest one known before, or null.
   */
  record(key: K, at: number): number | null {
    const newest = this.#newest.get(key) ?? null;
    this.#newest.set(key, Math.max(at, newest ?? 0));
    this.#wait(key, at);
    return newest;
  }

  /** Writes what is waiting; resolves when it is durable. */
  flush(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    this.#written = this.#written.then(
      () => this.#writeWaiting(),
      () => this.#writeWaiting(),
    );
    return this.#written;
  }

  #wait(key: K, at: number): void {
    this.#waiting.set(key, Math.max(at, this.#waiting.get(key) ?? 0));
    this.#timer ??= setTimeout(
      () => {
        this.flush().catch(this.onFailure);
      },
      SECOND_MS - (Date.now() % SECOND_MS),
    ).unref();
  }

  async #writeWaiting(): Promise<void> {
    const instants = this.#waiting;
    if (instants.size === 0) return;
    this.#waiting = new Map();
    try {
      await this.write(instants);
    } catch (error) {
      for (const [key, at] of instants) this.#wait(key, at);
      throw error;
    }
  }
}
