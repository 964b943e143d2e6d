const MAX_KEYS = 10_000;

interface Counted<T> {
  readonly first: T;
  count: number;
}

/**
 * Counts how often a key comes, in bounded memory: with too many keys, the rarest half is forgotten. What is frequent
 * stays, if with a count that may be too low by what was forgotten.
 */
export class TopCounter<T> {
  #counts = new Map<string, Counted<T>>();

  constructor(private readonly keyOf: (value: T) => string) {}

  add(value: T): void {
    const key = this.keyOf(value);
    const counted = this.#counts.get(key);
    if (counted) counted.count += 1;
    else this.#counts.set(key, { first: value, count: 1 });
    if (this.#counts.size > MAX_KEYS) this.#counts = new Map(this.#ranked().slice(0, MAX_KEYS / 2));
  }

  /** The most frequent first, each with the first value that had its key. */
  top(limit: number): readonly Counted<T>[] {
    return this.#ranked()
      .slice(0, limit)
      .map(([, counted]) => counted);
  }

  #ranked(): [string, Counted<T>][] {
    return [...this.#counts].sort(([a, one], [b, other]) => other.count - one.count || (a < b ? -1 : 1));
  }
}
