interface Bucket {
  tokens: number;
  at: number;
}

interface TokenBucketsOptions {
  /** The burst after a pause. */
  readonly capacity: number;
  /** The sustained rate. */
  readonly perSecond: number;
  /** The least recently used key is dropped, and is full again when it comes back. */
  readonly maxKeys: number;
}

/** Token buckets by key, in memory and without timers. */
export class TokenBuckets {
  readonly #buckets = new Map<string, Bucket>();

  constructor(private readonly options: TokenBucketsOptions) {}

  /** Takes `cost` from the bucket of `key`. Returns 0, or the seconds to wait if there is not enough. */
  take(key: string, now: Date, cost = 1): number {
    const { capacity, perSecond } = this.options;
    const bucket = this.#refilled(key, now.getTime());
    // A cost above the capacity passes when the bucket is full.
    const wanted = Math.min(cost, capacity);
    if (bucket.tokens < wanted) return Math.max(1, Math.ceil((wanted - bucket.tokens) / perSecond));
    bucket.tokens -= wanted;
    return 0;
  }

  /** Takes a cost that became known only afterwards. At most one capacity is owed, so that the wait has an end. */
  charge(key: string, now: Date, cost: number): void {
    const bucket = this.#refilled(key, now.getTime());
    bucket.tokens = Math.max(-this.options.capacity, bucket.tokens - cost);
  }

  /** Puts back what {@link take} took beyond `used`. */
  refund(key: string, taken: number, used: number): void {
    const bucket = this.#buckets.get(key);
    const { capacity } = this.options;
    if (bucket) bucket.tokens = Math.min(capacity, bucket.tokens + Math.max(0, Math.min(taken, capacity) - used));
  }

  /** Returns the seconds until `key` may take anything; 0 if it may now. Takes nothing. */
  retryAfterSeconds(key: string, now: Date): number {
    const bucket = this.#buckets.get(key);
    const tokens = bucket ? this.#tokensAt(bucket, now.getTime()) : this.options.capacity;
    return tokens >= 1 ? 0 : Math.max(1, Math.ceil((1 - tokens) / this.options.perSecond));
  }

  #refilled(key: string, now: number): Bucket {
    const { capacity, maxKeys } = this.options;
    const bucket = this.#buckets.get(key);
    if (bucket) {
      bucket.tokens = this.#tokensAt(bucket, now);
      bucket.at = now;
      // A map keeps the order of insertion: the least recently used key comes first.
      this.#buckets.delete(key);
      this.#buckets.set(key, bucket);
      return bucket;
    }
    const leastUsed = this.#buckets.keys().next().value;
    if (this.#buckets.size >= maxKeys && leastUsed !== undefined) this.#buckets.delete(leastUsed);
    const full = { tokens: capacity, at: now };
    this.#buckets.set(key, full);
    return full;
  }

  #tokensAt({ tokens, at }: Bucket, now: number): number {
    const { capacity, perSecond } = this.options;
    return Math.min(capacity, tokens + (Math.max(0, now - at) / 1000) * perSecond);
  }
}
