import { Backoff, jittered } from './backoff.js';

const many = (draw: () => number): readonly number[] => Array.from({ length: 200 }, draw);

describe('Backoff', () => {
  it('doubles up to its maximum, with jitter between half and whole', () => {
    const backoff = new Backoff(1, 5);
    for (const ceiling of [1, 2, 4, 5, 5]) {
      const seconds = backoff.nextSeconds();
      expect(seconds).toBeGreaterThanOrEqual(ceiling / 2);
      expect(seconds).toBeLessThanOrEqual(ceiling);
    }
    backoff.reset();
    expect(backoff.nextSeconds()).toBeLessThanOrEqual(1);
  });

  it('is never shorter than the Retry-After of the server', () => {
    const backoff = new Backoff(1, 5);
    expect(Math.min(...many(() => backoff.nextSeconds(60)))).toBeGreaterThanOrEqual(60);
  });
});

describe('jittered', () => {
  it('stays within 10 %', () => {
    const draws = many(() => jittered(100));
    expect(Math.min(...draws)).toBeGreaterThanOrEqual(90);
    expect(Math.max(...draws)).toBeLessThanOrEqual(110);
    expect(new Set(draws).size).toBeGreaterThan(1);
  });
});
