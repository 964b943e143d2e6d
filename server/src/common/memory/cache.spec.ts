import { LoadingCache } from './cache.js';

/** A source that counts its reads and answers on demand. */
class Source {
  reads = 0;
  readonly #answers: ((value: string) => void)[] = [];

  readonly read = (): Promise<string> => {
    this.reads += 1;
    return new Promise((resolve) => this.#answers.push(resolve));
  };

  answer(value: string): void {
    this.#answers.shift()?.(value);
  }
}

describe('LoadingCache', () => {
  it('loads once for concurrent and later callers', async () => {
    const [cache, source] = [new LoadingCache<string, string>(10), new Source()];
    const results = [cache.get('a', source.read), cache.get('a', source.read)];
    source.answer('one');
    expect(await Promise.all(results)).toEqual(['one', 'one']);
    expect(await cache.get('a', source.read)).toBe('one');
    expect(source.reads).toBe(1);
  });

  it('does not keep an entry that was invalidated while it was loading', async () => {
    const [cache, source] = [new LoadingCache<string, string>(10), new Source()];
    const before = cache.get('a', source.read);
    cache.invalidate('a');
    const after = cache.get('a', source.read);
    source.answer('old');
    source.answer('new');
    expect([await before, await after, await cache.get('a', source.read)]).toEqual(['old', 'new', 'new']);
  });

  it('does not keep a failure, and an old failure does not remove a new entry', async () => {
    const cache = new LoadingCache<string, string>(10);
    await expect(cache.get('a', () => Promise.reject(new Error('gone')))).rejects.toThrow('gone');
    expect(await cache.get('a', () => Promise.resolve('back'))).toBe('back');
  });

  it('keeps the newest entries up to its capacity', async () => {
    const cache = new LoadingCache<number, string>(2);
    for (const key of [1, 2, 3]) await cache.get(key, () => Promise.resolve('first'));
    const again = (key: number): Promise<string> => cache.get(key, () => Promise.resolve('second'));
    expect([await again(3), await again(2), await again(1)]).toEqual(['first', 'first', 'second']);
  });
});
