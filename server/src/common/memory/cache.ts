/**
 * Remembers what was read until it is told to forget it. What is forgotten while it is being read is not remembered:
 * the reading may have seen the state before the change.
 */
export class LoadingCache<K, V> {
  readonly #entries = new Map<K, Promise<V>>();

  /** `capacity`: past it, what was read first is forgotten first. */
  constructor(private readonly capacity: number) {}

  /** What is remembered of `key`, else what `load` reads. A failure is not remembered. */
  get(key: K, load: () => Promise<V>): Promise<V> {
    const known = this.#entries.get(key);
    if (known) return known;
    const entry = load();
    this.#entries.set(key, entry);
    entry.catch(() => {
      if (this.#entries.get(key) === entry) this.#entries.delete(key);
    });
    this.#forgetOldest();
    return entry;
  }

  invalidate(key: K): void {
    this.#entries.delete(key);
  }

  invalidateAll(): void {
    this.#entries.clear();
  }

  #forgetOldest(): void {
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= this.capacity) return;
      this.#entries.delete(oldest);
    }
  }
}

/** Calls `make` once for each key and keeps what it made; past `capacity` keys it begins anew. */
export const memoize = <K, V>(make: (key: K) => V, capacity = 1_000): ((key: K) => V) => {
  const made = new Map<K, V>();
  return (key) => {
    const known = made.get(key);
    if (known !== undefined) return known;
    const value = make(key);
    if (made.size >= capacity) made.clear();
    made.set(key, value);
    return value;
  };
};
