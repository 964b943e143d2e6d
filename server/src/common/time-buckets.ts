import type { Instant } from '#contracts';

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

/** A range of time cut into stretches for a chart; they begin at whole multiples of their width. */
export class TimeBuckets {
  readonly seconds: number;
  /** How many there are; none in a range that ends before it begins. */
  readonly length: number;
  readonly #first: number;

  constructor(from: Date, to: Date) {
    this.seconds = bucketSecondsOf(from, to);
    this.#first = this.#multiple(from.getTime());
    this.length = to > from ? this.#multiple(to.getTime() - 1) - this.#first + 1 : 0;
  }

  /** Which of them an instant is in, from 0. */
  indexOf(milliseconds: number): number {
    return this.#multiple(milliseconds) - this.#first;
  }

  /** When one of them begins. */
  startOf(index: number): Instant {
    return new Date((this.#first + index) * this.seconds * 1_000).toISOString();
  }

  #multiple(milliseconds: number): number {
    return Math.floor(milliseconds / 1_000 / this.seconds);
  }
}
