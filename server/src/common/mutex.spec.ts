import { Mutex } from './mutex.js';

describe('Mutex', () => {
  it('runs one task at a time, in the order of the calls, even after a failure', async () => {
    const turns = new Mutex();
    const seen: string[] = [];
    const work = (name: string, fails = false) =>
      turns.run(async () => {
        seen.push(`${name} begins`);
        await Promise.resolve();
        seen.push(`${name} ends`);
        if (fails) throw new Error(name);
        return name;
      });
    const all = Promise.allSettled([work('a'), work('b', true), work('c')]);
    expect(turns.pending).toBe(3);
    expect((await all).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(seen).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
    expect(turns.pending).toBe(0);
  });
});
