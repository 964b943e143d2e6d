import { WriteStats } from './database.js';

describe('the load of writes', () => {
  it('counts those that are not done, and the wait of the oldest', async () => {
    const load = new WriteStats();
    expect([load.waiting, load.oldestWaitSeconds]).toEqual([0, 0]);
    const { promise, resolve } = Promise.withResolvers<string>();
    const first = load.track(() => promise);
    const second = load.track(() => promise);
    expect(load.waiting).toBe(2);
    expect(load.oldestWaitSeconds).toBeGreaterThan(0);
    resolve('done');
    expect(await Promise.all([first, second])).toEqual(['done', 'done']);
    expect([load.waiting, load.oldestWaitSeconds]).toEqual([0, 0]);
  });

  it('is told for writes that fail too, and hands their failure on', async () => {
    const load = new WriteStats();
    const seen: number[] = [];
    load.observe({ onWrite: (seconds) => seen.push(seconds), onCommit: () => undefined });
    await expect(load.track(() => Promise.reject(new Error('disk full')))).rejects.toThrow('disk full');
    expect(seen).toEqual([expect.any(Number)]);
    expect(load.waiting).toBe(0);
  });
});
