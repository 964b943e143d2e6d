import { findText } from './json-scan.js';

const find = (json: string): string | null => findText(Buffer.from(json), 'token');

describe('findText', () => {
  it.each([
    ['{"token":"a"}', 'a'],
    [' \n{ "token" :\t"a" , "b": 1 }', 'a'],
    ['{"b":{"token":"nested"},"token":"a"}', 'a'],
    ['{"b":[{"token":"nested"}],"c":"token","token":"a"}', 'a'],
    ['{"b":"\\"token\\":\\"quoted\\"","token":"a"}', 'a'],
    ['{"b":"\\\\","token":"a"}', 'a'],
    ['{"tok\\u0065n":"a\\"\\u00e4"}', 'a"ä'],
    ['{"token":"密码"}', '密码'],
    ['{"token":"a","rest":{"that":["does not end', 'a'],
  ])('finds the text of a key of the object itself: %s', (json, text) => {
    expect(find(json)).toBe(text);
  });

  it.each([
    '',
    'null',
    '"token"',
    '["token","a"]',
    '{"token":5}',
    '{"token":null}',
    '{"token":["a"]}',
    '{"b":"token"}',
    '{"b":{"token":"a"}}',
    '{"token":"does not end',
    '{"token',
    '{"token":"bad \\x escape"}',
    '}{"token":"a"}'.slice(0, 1),
    '{"b":"}","c":{',
  ])('finds nothing in %s', (json) => {
    expect(find(json)).toBeNull();
  });

  it('takes time in proportion to the length, whatever the text', () => {
    const length = 64_000;
    const hostile = ['"', '\\', '{', '"a":', '\\"', '"\\'].map((part) => part.repeat(length / part.length));
    for (const text of hostile) expect(find(`{"b":${text}`)).toBeNull();
  });
});
