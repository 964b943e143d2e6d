import { Mutex } from './mutex.js';

describe('Mutex', () => {
  it('runs one task at a time, in the order of the calls, even after a failure', async () => {
    const mutex = new Mutex();
    const seen: string[] = [];
    const work = (name: string, fails = false) =>
      mutex.run(async () => {
        seen.push(`${name} begins`);
        await Promise.resolve();
        seen.push(`${name} ends`);
        if (fails) throw new Error(name);
        return name;
      });
    const all = Promise.allSettled([work('a'), work('b', true), work('c')]);
    expect(mutex.pending).toBe(3);
    expect((await all).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(seen).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
    expect(mutex.pending).toBe(0);
  });
});
