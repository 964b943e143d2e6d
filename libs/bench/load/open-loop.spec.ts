import { openLoop } from './open-loop.js';

const standStill = (ms: number): void => {
  const end = performance.now() + ms;
  while (performance.now() < end);
};

describe('openLoop', () => {
  it('calls at the given rate, and includes the waiting time of calls during a stall', async () => {
    const indexes: number[] = [];
    const latencies = await openLoop(100, 0.1, (index) => {
      indexes.push(index);
      if (index === 0) standStill(80);
      return Promise.resolve();
    });
    expect(indexes).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    // The second was due 10 ms after the first and could not be made before 80 ms had passed.
    expect(latencies.percentile(90)).toBeGreaterThan(60);
  });

  it('throws the messages of failed calls', async () => {
    const failing = (index: number): Promise<void> =>
      index === 3 ? Promise.resolve() : Promise.reject(new Error('429 RATE_LIMITED'));
    await expect(openLoop(1_000, 0.01, failing)).rejects.toThrow('9 calls failed: 9× 429 RATE_LIMITED');
  });
});
