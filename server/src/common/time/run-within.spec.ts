import { runWithin, TimeLimitExceeded } from './run-within.js';

describe('running within a time limit', () => {
  it('returns what the task returns, and throws what it throws', () => {
    expect(runWithin(1_000, () => [1, 2])).toEqual([1, 2]);
    const error = new RangeError('mine');
    expect(() =>
      runWithin(1_000, () => {
        throw error;
      }),
    ).toThrow(error);
  });

  it.each<[string, () => unknown]>([
    [
      'a loop without end',
      () => {
        for (;;);
      },
    ],
    ['a regular expression that never decides', () => /^(a+)+$/.test(`${'a'.repeat(60)}!`)],
  ])('stops %s', (_, task) => {
    expect(() => runWithin(20, task)).toThrow(TimeLimitExceeded);
    expect(runWithin(1_000, () => 'still here')).toBe('still here');
  });

  it('may be used within itself', () => {
    expect(runWithin(1_000, () => runWithin(1_000, () => 1) + 1)).toBe(2);
  });
});
