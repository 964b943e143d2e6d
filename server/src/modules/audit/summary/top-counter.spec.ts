import { TopK } from './summary-counts.js';

const counterOf = (words: readonly string[]): TopK<string> => {
  const counter = new TopK<string>((word) => word.toLowerCase());
  for (const word of words) counter.add(word);
  return counter;
};

describe('TopCounter', () => {
  it('gives the most frequent first, as they came first, and equals in the order of their keys', () => {
    const counter = counterOf(['b', 'A', 'c', 'a', 'C', 'a']);
    expect(counter.top(2)).toEqual([
      { first: 'A', count: 3 },
      { first: 'c', count: 2 },
    ]);
    expect(
      counterOf(['b', 'a'])
        .top(10)
        .map(({ first }) => first),
    ).toEqual(['a', 'b']);
  });

  it('keeps what is frequent among any number of others', () => {
    const words = Array.from({ length: 100_000 }, (_, index) => (index % 5 === 0 ? 'frequent' : `rare ${index}`));
    const [first] = counterOf(words).top(1);
    expect(first).toEqual({ first: 'frequent', count: 20_000 });
  });
});
