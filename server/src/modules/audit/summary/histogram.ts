import type { AuditBucket } from '#contracts';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const YEAR = 365 * DAY;

const WIDTHS = [MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 3 * HOUR, 12 * HOUR, DAY, 7 * DAY, 30 * DAY, YEAR];
/** As many as a chart can show. */
const MAX_BUCKETS = 100;

/** The narrowest width in seconds with which a range is not cut into too many. */
export const bucketSecondsOf = (from: Date, to: Date): number => {
  const seconds = (to.getTime() - from.getTime()) / 1_000;
  const years = Math.ceil(seconds / MAX_BUCKETS / YEAR);
  return WIDTHS.find((width) => seconds / width <= MAX_BUCKETS) ?? years * YEAR;
};

/** Counts events over time, in stretches that begin at whole multiples of their width. */
export class Histogram {
  readonly bucketSeconds: number;
  readonly #first: number;
  readonly #counts: { count: number; failures: number }[];

  constructor(from: Date, to: Date) {
    this.bucketSeconds = bucketSecondsOf(from, to);
    this.#first = this.#index(from.getTime());
    const length = to > from ? this.#index(to.getTime() - 1) - this.#first + 1 : 0;
    this.#counts = Array.from({ length }, () => ({ count: 0, failures: 0 }));
  }

  /** Takes an event within the range. */
  add(milliseconds: number, isFailure: boolean): void {
    const bucket = this.#counts[this.#index(milliseconds) - this.#first];
    if (!bucket) return;
    bucket.count += 1;
    if (isFailure) bucket.failures += 1;
  }

  buckets(): readonly AuditBucket[] {
    return this.#counts.map((counts, index) => ({
      at: new Date((this.#first + index) * this.bucketSeconds * 1_000).toISOString(),
      ...counts,
    }));
  }

  #index(milliseconds: number): number {
    return Math.floor(milliseconds / 1_000 / this.bucketSeconds);
  }
}
