import { WriteLoad } from './database.js';

describe('the load of writes', () => {
  it('counts those that are not done, and the wait of the oldest', async () => {
    const load = new WriteLoad();
    expect([load.waiting, load.oldestWaitSeconds]).toEqual([0, 0]);
    const { promise, resolve } = Promise.withResolvers<string>();
    const first = load.during(() => promise);
    const second = load.during(() => promise);
    expect(load.waiting).toBe(2);
    expect(load.oldestWaitSeconds).toBeGreaterThan(0);
    resolve('done');
    expect(await Promise.all([first, second])).toEqual(['done', 'done']);
    expect([load.waiting, load.oldestWaitSeconds]).toEqual([0, 0]);
  });

  it('is told for writes that fail too, and hands their failure on', async () => {
    const load = new WriteLoad();
    const seen: number[] = [];
    load.observe({ onWrite: (seconds) => seen.push(seconds), onCommit: () => undefined });
    await expect(load.during(() => Promise.reject(new Error('disk full')))).rejects.toThrow('disk full');
    expect(seen).toEqual([expect.any(Number)]);
    expect(load.waiting).toBe(0);
  });
});
