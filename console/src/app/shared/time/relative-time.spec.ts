import { relativeTime } from './relative-time';

describe('relativeTime', () => {
  it.each([
    [-0.4, '0 sec. ago'],
    [-12.9, '12 sec. ago'],
    [-60, '1 min. ago'],
    [-3_599, '59 min. ago'],
    [-3_600, '1 hr. ago'],
    [-172_800, '2 days ago'],
    [59, 'in 59 sec.'],
    [300, 'in 5 min.'],
  ])('says of %s seconds: %s', (seconds, text) => {
    expect(relativeTime(seconds, 'en')).toBe(text);
  });

  it('speaks Chinese', () => {
    expect(relativeTime(-12, 'zh')).toBe('12秒前');
    expect(relativeTime(300, 'zh')).toBe('5分钟后');
  });
});
