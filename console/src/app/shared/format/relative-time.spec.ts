import { pastTime, relativeTime } from './relative-time';

describe('relativeTime', () => {
  it.each([
    [-0.4, 'now'],
    [0.4, 'now'],
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
    expect(relativeTime(0, 'zh')).toBe('现在');
    expect(relativeTime(-12, 'zh')).toBe('12秒前');
    expect(relativeTime(300, 'zh')).toBe('5分钟后');
  });
});

describe('pastTime', () => {
  it.each([
    [-12, '12 sec. ago'],
    [3, 'now'],
    [120, 'now'],
    [121, null],
  ])('never says of what happened %s seconds ahead that it will: %s', (seconds, text) => {
    expect(pastTime(seconds, 'en')).toBe(text);
  });
});
