import { addProgress } from './progress.service.js';

const lines = (count: number, from = 0): string[] => Array.from({ length: count }, (_, i) => `line ${from + i}`);
const bytesOf = (log: readonly string[]): number => Buffer.byteLength(JSON.stringify(log));

describe('addProgress', () => {
  it('starts empty, and keeps values that a report leaves out', () => {
    expect(addProgress(null, {})).toEqual({ percent: null, message: null, log: [] });
    const known = { percent: 40, message: 'copying', log: ['a'] };
    expect(addProgress(known, {})).toEqual(known);
    expect(addProgress(known, { percent: 0, message: '' })).toEqual({ percent: 0, message: '', log: ['a'] });
  });

  it('appends log lines, and splits texts into lines', () => {
    expect(addProgress({ percent: null, message: null, log: ['a'] }, { log: ['b', 'c\r\nd'] }).log).toEqual([
      'a',
      'b',
      'c',
      'd',
    ]);
  });

  it.each([
    [0.9, 0],
    [12.5, 12],
    [99.99, 99],
    [100, 100],
  ])('makes %d percent %d', (percent, expected) => {
    expect(addProgress(null, { percent }).percent).toBe(expected);
  });

  it('keeps the newest 200 lines', () => {
    const known = { percent: null, message: null, log: lines(150) };
    expect(addProgress(known, { log: lines(100, 150) }).log).toEqual(lines(200, 50));
  });

  it.each([
    ['plain', 'x'],
    ['wide', '語'],
    ['escaped', '\u001b'],
  ])('keeps at most 32 KB of %s text, the newest', (_kind, character) => {
    const known = { percent: null, message: null, log: Array.from({ length: 100 }, () => character.repeat(1_000)) };
    const { log } = addProgress(known, { log: ['the last'] });
    expect(log.at(-1)).toBe('the last');
    expect(bytesOf(log)).toBeLessThanOrEqual(32 * 1024);
    expect(bytesOf([...log, character.repeat(1_000)])).toBeGreaterThan(32 * 1024);
  });

  it('redacts credentials, including one that spans several lines', () => {
    const key = ['-----BEGIN PRIVATE KEY-----', 'bm90IGEga2V5', '-----END PRIVATE KEY-----'];
    const content = addProgress(null, { message: 'with Bearer abcdefgh12345', log: ['before', ...key, 'after'] });
    expect(content).toMatchObject({ message: 'with [REDACTED]', log: ['before', '[REDACTED]', 'after'] });
  });
});
