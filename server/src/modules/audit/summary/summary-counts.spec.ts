import { Histogram, TopK } from './summary-counts.js';

const HOUR_MS = 3_600_000;
const START = new Date('2026-11-23T16:24:49.187Z');
const after = (hours: number): Date => new Date(START.getTime() + hours * HOUR_MS);

describe('Histogram', () => {
  it('covers the whole range in buckets that start at multiples of their width', () => {
    const buckets = new Histogram(START, after(1)).buckets();
    expect(buckets).toHaveLength(61);
    expect(buckets[0]).toEqual({ at: '2026-11-23T16:24:00.000Z', count: 0, failures: 0 });
    expect(buckets.at(-1)?.at).toBe('2026-11-23T17:24:00.000Z');
  });

  it('counts the events of a bucket, and the failures among them', () => {
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

  it('is empty for an empty range, and ignores events outside the range', () => {
    expect(new Histogram(START, START).buckets()).toEqual([]);
    expect(new Histogram(after(1), START).buckets()).toEqual([]);
    const histogram = new Histogram(START, after(1));
    histogram.add(after(3).getTime(), false);
    expect(histogram.buckets().every(({ count }) => count === 0)).toBe(true);
  });
});

describe('TopK', () => {
  const counterOf = (words: readonly string[]): TopK<string> => {
    const counter = new TopK<string>((word) => word.toLowerCase());
    for (const word of words) counter.add(word);
    return counter;
  };

  it('returns the most frequent first, with the value first seen; ties are ordered by key', () => {
    const counter = counterOf(['b', 'A', 'c', 'a', 'C', 'a']);
    expect(counter.top(2)).toEqual([
      { first: 'A', count: 3 },
      { first: 'c', count: 2 },
    ]);
    expect(
      counterOf(['b', 'a'])
        .top(10)
        .map(({ first }) => first),
    ).toEqual(['a', 'b']);
  });

  it('keeps a frequent key among any number of rare ones', () => {
    const words = Array.from({ length: 100_000 }, (_, index) => (index % 5 === 0 ? 'frequent' : `rare ${index}`));
    const [first] = counterOf(words).top(1);
    expect(first).toEqual({ first: 'frequent', count: 20_000 });
  });
});
