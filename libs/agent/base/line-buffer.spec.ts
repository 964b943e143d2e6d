import { LineBuffer, linesToSend, truncate } from './line-buffer.js';

const numbered = (count: number, start = 1) => Array.from({ length: count }, (_, i) => `line ${start + i}`);

describe('LineBuffer', () => {
  let buffer: LineBuffer;
  const fill = (lines: readonly string[]) => {
    for (const line of lines) buffer.add(line);
  };

  beforeEach(() => {
    buffer = new LineBuffer();
  });

  it('returns each line once, in order', () => {
    fill(numbered(3));
    expect(linesToSend(buffer.take())).toEqual(numbered(3));
    expect(buffer.isEmpty).toBe(true);
    expect(linesToSend(buffer.take())).toEqual([]);
  });

  it('keeps a hundred lines', () => {
    fill(numbered(100));
    expect(linesToSend(buffer.take())).toEqual(numbered(100));
  });

  it('drops the oldest beyond that and says how many, within the limit of a hundred', () => {
    fill(numbered(105));
    expect(linesToSend(buffer.take())).toEqual(['… 6 lines dropped', ...numbered(99, 7)]);
    fill(numbered(1));
    expect(linesToSend(buffer.take())).toEqual(numbered(1));
  });

  it('puts lines back before newer ones, and keeps counting what it dropped', () => {
    fill(numbered(105));
    const taken = buffer.take();
    fill(numbered(2, 106));
    buffer.putBack(taken);
    expect(linesToSend(buffer.take())).toEqual(['… 8 lines dropped', ...numbered(99, 9)]);
  });

  it('cuts long lines', () => {
    buffer.add('x'.repeat(5000));
    expect(buffer.take().lines[0]).toBe(`${'x'.repeat(999)}…`);
  });
});

describe('truncate', () => {
  it.each([
    ['abcd', 'abcd'],
    ['abcde', 'abc…'],
    ['ab😀de', 'ab…'],
  ])('never splits a character of %s', (text, expected) => {
    expect(truncate(text, 4)).toBe(expected);
  });
});
