import { retryDelayMs } from './retry-delay';

describe('retryDelayMs', () => {
  it.each([
    [1, 2_000, 4_000],
    [2, 2_000, 8_000],
    [3, 2_000, 16_000],
    [4, 2_000, 30_000],
    [500, 2_000, 30_000],
  ])('after %i failures lies between %i and %i ms', (failures, shortest, longest) => {
    expect(retryDelayMs(failures, 0)).toBe(shortest);
    expect(retryDelayMs(failures, 1)).toBe(longest);
  });
});
