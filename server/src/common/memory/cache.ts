/**
 * Caches loaded values until they are invalidated. An entry that is invalidated while it loads is not kept, because the load may
 * have seen the state before the change.
 */
export class LoadingCache<K, V> {
  readonly #entries = new Map<K, Promise<V>>();

  /** @param capacity beyond it, the oldest entry is dropped */
  constructor(private readonly capacity: number) {}

  /** Returns the cached value of `key`, or loads it. A failed load is not cached. */
  get(key: K, load: () => Promise<V>): Promise<V> {
    const known = this.#entries.get(key);
    if (known) return known;
    const entry = load();
    this.#entries.set(key, entry);
    entry.catch(() => {
      if (this.#entries.get(key) === entry) this.#entries.delete(key);
    });
    this.#dropOldest();
    return entry;
  }

  /** Returns the value of `key` if it is cached or being loaded. */
  peek(key: K): Promise<V> | undefined {
    return this.#entries.get(key);
  }

  /** Forgets the value of `key`. */
  invalidate(key: K): void {
    this.#entries.delete(key);
  }

  /** Forgets all values. */
  invalidateAll(): void {
    this.#entries.clear();
  }

  #dropOldest(): void {
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= this.capacity) return;
      this.#entries.delete(oldest);
    }
  }
}

/** Returns a function that computes the value of each key once; with more than `capacity` keys it starts over. */
export const memoize = <K, V>(compute: (key: K) => V, capacity = 1_000): ((key: K) => V) => {
  const values = new Map<K, V>();
  return (key) => {
    const known = values.get(key);
    if (known !== undefined) return known;
    const value = compute(key);
    if (values.size >= capacity) values.clear();
    values.set(key, value);
    return value;
  };
};
