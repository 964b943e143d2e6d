import type { AuditBucket } from '#contracts';
import { TimeBuckets } from '../../../common/time/time-buckets.js';

/** Counts events over time. */
export class Histogram {
  readonly #buckets: TimeBuckets;
  readonly #counts: { count: number; failures: number }[];

  constructor(from: Date, to: Date) {
    this.#buckets = new TimeBuckets(from, to);
    this.#counts = Array.from({ length: this.#buckets.length }, () => ({ count: 0, failures: 0 }));
  }

  get bucketSeconds(): number {
    return this.#buckets.seconds;
  }

  /** Takes an event within the range. */
  add(milliseconds: number, isFailure: boolean): void {
    const bucket = this.#counts[this.#buckets.indexOf(milliseconds)];
    if (!bucket) return;
    bucket.count += 1;
    if (isFailure) bucket.failures += 1;
  }

  buckets(): readonly AuditBucket[] {
    return this.#counts.map((counts, index) => ({ at: this.#buckets.startOf(index), ...counts }));
  }
}
