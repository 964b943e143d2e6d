import type { Instant } from '#contracts';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const YEAR = 365 * DAY;

const WIDTHS = [MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 3 * HOUR, 12 * HOUR, DAY, 7 * DAY, 30 * DAY, YEAR];
/** The most that a chart can show. */
const MAX_BUCKETS = 100;

/** Returns the narrowest width in seconds that divides the range into no more buckets than a chart shows. */
export const bucketSecondsOf = (from: Date, to: Date): number => {
  const seconds = (to.getTime() - from.getTime()) / 1_000;
  const years = Math.ceil(seconds / MAX_BUCKETS / YEAR);
  return WIDTHS.find((width) => seconds / width <= MAX_BUCKETS) ?? years * YEAR;
};

/** A range of time divided into buckets for a chart; each begins at a multiple of the width. */
export class TimeBuckets {
  readonly seconds: number;
  /** The number of buckets; 0 for a range that ends before it begins. */
  readonly length: number;
  readonly #first: number;

  constructor(from: Date, to: Date) {
    this.seconds = bucketSecondsOf(from, to);
    this.#first = this.#multiple(from.getTime());
    this.length = to > from ? this.#multiple(to.getTime() - 1) - this.#first + 1 : 0;
  }

  /** Returns the index of the bucket that contains an instant. */
  indexOf(milliseconds: number): number {
    return this.#multiple(milliseconds) - this.#first;
  }

  /** Returns when a bucket begins. */
  startOf(index: number): Instant {
    return new Date((this.#first + index) * this.seconds * 1_000).toISOString();
  }

  #multiple(milliseconds: number): number {
    return Math.floor(milliseconds / 1_000 / this.seconds);
  }
}
