interface Bucket {
  tokens: number;
  at: number;
}

interface TokenBucketsOptions {
  /** What may be taken at once after a rest. */
  readonly capacity: number;
  /** What may be taken for ever. */
  readonly perSecond: number;
  /** Those used last are remembered; a forgotten one is full again. */
  readonly maxKeys: number;
}

/** Allowances by key, refilled as time goes by; in this process's memory, without timers. */
export class TokenBuckets {
  readonly #buckets = new Map<string, Bucket>();

  constructor(private readonly options: TokenBucketsOptions) {}

  /** Takes `cost` from the allowance of `key`; 0 when it could, else the seconds until it can. */
  take(key: string, now: Date, cost = 1): number {
    const { capacity, perSecond } = this.options;
    const bucket = this.#refilled(key, now.getTime());
    // What costs more than there can ever be is let through when nothing else was taken.
    const wanted = Math.min(cost, capacity);
    if (bucket.tokens < wanted) return Math.max(1, Math.ceil((wanted - bucket.tokens) / perSecond));
    bucket.tokens -= wanted;
    return 0;
  }

  /** Of the `taken` that {@link take} took, only `used` were needed. */
  refund(key: string, taken: number, used: number): void {
    const bucket = this.#buckets.get(key);
    const { capacity } = this.options;
    if (bucket) bucket.tokens = Math.min(capacity, bucket.tokens + Math.max(0, Math.min(taken, capacity) - used));
  }

  /** Whether nothing is left of the allowance of `key`: the seconds until there is, else 0. */
  retryAfterSeconds(key: string, now: Date): number {
    const { tokens } = this.#refilled(key, now.getTime());
    return tokens >= 1 ? 0 : Math.max(1, Math.ceil((1 - tokens) / this.options.perSecond));
  }

  #refilled(key: string, now: number): Bucket {
    const { capacity, perSecond, maxKeys } = this.options;
    const bucket = this.#buckets.get(key);
    if (bucket) {
      bucket.tokens = Math.min(capacity, bucket.tokens + (Math.max(0, now - bucket.at) / 1000) * perSecond);
      bucket.at = now;
      return bucket;
    }
    const oldest = this.#buckets.keys().next().value;
    if (this.#buckets.size >= maxKeys && oldest !== undefined) this.#buckets.delete(oldest);
    const full = { tokens: capacity, at: now };
    this.#buckets.set(key, full);
    return full;
  }
}
