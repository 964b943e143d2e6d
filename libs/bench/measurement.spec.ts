import { isMet, Latencies } from './measurement.js';

const latenciesOf = (values: readonly number[]): Latencies => {
  const latencies = new Latencies();
  for (const value of values) latencies.add(value);
  return latencies;
};

describe('Latencies', () => {
  it('returns the nearest rank, regardless of the order of arrival', () => {
    const latencies = latenciesOf(Array.from({ length: 100 }, (_, index) => 100 - index));
    expect([50, 95, 99, 100].map((percent) => latencies.percentile(percent))).toEqual([50, 95, 99, 100]);
  });

  it('includes values added after a query', () => {
    const latencies = latenciesOf([1]);
    expect(latencies.percentile(99)).toBe(1);
    latencies.add(7);
    expect(latencies.percentile(99)).toBe(7);
  });

  it('has no percentile without values', () => {
    expect(new Latencies().percentile(50)).toBeNaN();
  });

  it('assigns the budgets to their percentiles', () => {
    const [p50, p95, p99] = latenciesOf([3]).summary('click to handler', { p50: 10, p99: 50 });
    expect(p50).toEqual({ metric: 'click to handler p50', value: 3, unit: 'ms', budget: { atMost: 10 } });
    expect(p95?.budget).toBeUndefined();
    expect(p99?.budget).toEqual({ atMost: 50 });
  });
});

describe('isMet', () => {
  it.each([
    [5, { atMost: 5 }, true],
    [6, { atMost: 5 }, false],
    [5, { atLeast: 5 }, true],
    [4, { atLeast: 5 }, false],
    [Number.NaN, { atMost: 5 }, false],
  ])('%p against %p is %p', (value, budget, met) => {
    expect(isMet({ metric: 'any', value, unit: '', budget })).toBe(met);
  });

  it('is null without a budget', () => {
    expect(isMet({ metric: 'any', value: 1, unit: '' })).toBeNull();
  });
});
