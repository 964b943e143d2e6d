import { timeTick } from './time-span';

const AT = new Date(2026, 4, 4, 10, 15).toISOString();

describe('a tick of a time axis', () => {
  it.each([
    [3_600, 'en-GB', '10:15'],
    [86_400, 'en-GB', '10:15'],
    [604_800, 'en-GB', '4 May'],
    [604_800, 'zh', '5月4日'],
  ])('of %d s in %s is %s', (seconds, language, text) => {
    expect(timeTick(AT, seconds, language)).toBe(text);
  });
});
