import { Histogram } from './summary-counts.js';

const HOUR_MS = 3_600_000;
const START = new Date('2026-11-23T16:24:49.187Z');
const after = (hours: number): Date => new Date(START.getTime() + hours * HOUR_MS);

describe('a histogram', () => {
  it('has every stretch of the range, at whole multiples of its width', () => {
    const buckets = new Histogram(START, after(1)).buckets();
    expect(buckets).toHaveLength(61);
    expect(buckets[0]).toEqual({ at: '2026-11-23T16:24:00.000Z', count: 0, failures: 0 });
    expect(buckets.at(-1)?.at).toBe('2026-11-23T17:24:00.000Z');
  });

  it('counts what falls into a stretch, and the failures among it', () => {
    const histogram = new Histogram(START, after(1));
    histogram.add(START.getTime(), false);
    histogram.add(START.getTime() + 10_000, true);
    histogram.add(START.getTime() + 11_000, false);
    expect(histogram.buckets().slice(0, 3)).toMatchObject([
      { count: 2, failures: 1 },
      { count: 1, failures: 0 },
      { count: 0, failures: 0 },
    ]);
  });

  it('is empty for a range that is none, and leaves out what lies outside', () => {
    expect(new Histogram(START, START).buckets()).toEqual([]);
    expect(new Histogram(after(1), START).buckets()).toEqual([]);
    const histogram = new Histogram(START, after(1));
    histogram.add(after(3).getTime(), false);
    expect(histogram.buckets().every(({ count }) => count === 0)).toBe(true);
  });
});
