import { isJsonObject, jsonText, readJson } from './json-text';

describe('JSON texts', () => {
  it('come back as they went', () => {
    const value = { a: [1, null, { b: 'c' }] };
    expect(readJson(jsonText(value))).toEqual({ value });
  });

  it('are nothing when empty', () => {
    expect(readJson('  \n')).toEqual({ value: undefined });
  });

  it('say what is wrong', () => {
    expect(readJson('{')).toHaveProperty('fault');
  });

  it.each(['9007199254740993', '[1, 7615917337495251231]', '{"a": 1e400}'])(
    'refuse a number they would change: %s',
    (text) => {
      expect(readJson(text)).toHaveProperty('fault', expect.stringContaining('more digits'));
    },
  );

  it.each([
    [{}, true],
    [[], false],
    [null, false],
    ['{}', false],
  ])('know %j as an object: %p', (value, isObject) => {
    expect(isJsonObject(value)).toBe(isObject);
  });
});
