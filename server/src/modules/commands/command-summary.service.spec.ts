import { percentile } from './command-summary.service.js';

describe('percentile, by nearest rank', () => {
  it.each<[readonly number[], number, number | null]>([
    [[], 0.5, null],
    [[7], 0, 7],
    [[7], 0.5, 7],
    [[7], 1, 7],
    [[1, 2], 0.5, 1],
    [[1, 2, 3], 0.5, 2],
    [[1, 2, 3, 4], 0.5, 2],
    [[1, 2, 3, 4], 0.95, 4],
    [Array.from({ length: 100 }, (_, i) => i + 1), 0.95, 95],
    [Array.from({ length: 100 }, (_, i) => i + 1), 1, 100],
  ])('of %j at %d', (sorted, share, expected) => {
    expect(percentile(sorted, share)).toBe(expected);
  });
});
