import { bucketSecondsOf, TimeBuckets } from './time-buckets.js';

const HOUR_MS = 3_600_000;
const START = new Date('2026-11-23T16:24:49.187Z');
const after = (hours: number): Date => new Date(START.getTime() + hours * HOUR_MS);

describe('the width of a bucket', () => {
  it.each([
    [0, 60],
    [1, 60],
    [8, 300],
    [24, 900],
    [25.1, 3_600],
    [7 * 24, 3 * 3_600],
    [90 * 24, 86_400],
    [365 * 24, 7 * 86_400],
    [500 * 365 * 24, 5 * 365 * 86_400],
  ])('of a range of %d hours is %d seconds', (hours, seconds) => {
    expect(bucketSecondsOf(START, after(hours))).toBe(seconds);
  });
});

describe('time buckets', () => {
  it('cover the whole range, at multiples of their width', () => {
    const buckets = new TimeBuckets(START, after(1));
    expect(buckets.length).toBe(61);
    expect(buckets.startOf(0)).toBe('2026-11-23T16:24:00.000Z');
    expect(buckets.startOf(60)).toBe('2026-11-23T17:24:00.000Z');
    expect([START, new Date('2026-11-23T16:25:00.000Z')].map((at) => buckets.indexOf(at.getTime()))).toEqual([0, 1]);
  });

  it('do not exist in an empty range', () => {
    expect(new TimeBuckets(START, START).length).toBe(0);
    expect(new TimeBuckets(after(1), START).length).toBe(0);
  });
});
