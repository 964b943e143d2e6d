import { formatDuration } from './duration';

describe('formatDuration', () => {
  it.each([
    [-5, '0 ms'],
    [0, '0 ms'],
    [319.6, '320 ms'],
    [1_000, '1 sec'],
    [2_449, '2.4 sec'],
    [59_999, '59.9 sec'],
    [60_000, '1 min'],
    [185_000, '3 min 5 sec'],
    [7_800_000, '2 hr 10 min'],
    [90_000_000, '1 day 1 hr'],
  ])('says %d ms as %s', (ms, text) => {
    expect(formatDuration(ms, 'en')).toBe(text);
  });

  it('speaks Chinese', () => {
    expect(formatDuration(185_000, 'zh')).toBe('3分钟 5秒');
  });
});
