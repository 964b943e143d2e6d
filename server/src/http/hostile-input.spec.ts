import { findUnsafeJson, MAX_JSON_DEPTH } from './hostile-input.js';

/** A value nested in lists or objects, with its innermost one at this level. */
const nested = (levels: number, text: '[]' | '{}'): unknown =>
  JSON.parse(
    text === '[]'
      ? '['.repeat(levels) + ']'.repeat(levels)
      : `${'{"a":'.repeat(levels - 1)}{}${'}'.repeat(levels - 1)}`,
  );

describe('findUnsafeJson', () => {
  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['a text', 'text'],
    ['a number', 0],
    ['an empty object', {}],
    ['an empty list', []],
    ['ordinary data', { a: [1, 'two', null, true, { b: '\u0001\n' }] }],
    [
      'keys that every object inherits',
      JSON.parse('{"constructor":{"prototype":{}},"toString":1,"hasOwnProperty":[]}'),
    ],
    ['half of a surrogate pair', { '\ud800': '\udfff' }],
    ['lists as deep as allowed', nested(MAX_JSON_DEPTH, '[]')],
    ['objects as deep as allowed', nested(MAX_JSON_DEPTH, '{}')],
    ['a query as Express parses it', Object.assign(Object.create(null) as object, { q: ['a', 'b'] })],
  ])('finds nothing wrong with %s', (_name, value) => {
    expect(findUnsafeJson(value)).toBeNull();
  });

  it.each<[string, string, string, RegExp]>([
    ['a key __proto__', '{"__proto__":{}}', '__proto__', /__proto__/],
    ['a key __proto__ inside', '{"a":[{"b":{"__proto__":1}}]}', 'a.0.b.__proto__', /__proto__/],
    ['U+0000 in a text', '{"a":["x","y\\u0000"]}', 'a.1', /U\+0000/],
    ['U+0000 in a key', '{"a\\u0000b":1}', 'a\0b', /U\+0000/],
    ['U+0000 in a list of texts', '["\\u0000"]', '0', /U\+0000/],
  ])('finds %s', (_name, json, path, message) => {
    expect(findUnsafeJson(JSON.parse(json))).toEqual({ path, message: expect.stringMatching(message) as string });
  });

  it.each(['[]', '{}'] as const)(
    'finds %s one level too deep, and 100,000 levels too deep, without recursion',
    (text) => {
      for (const levels of [MAX_JSON_DEPTH + 1, 100_000]) {
        const fault = findUnsafeJson(nested(levels, text));
        expect(fault?.message).toBe(`must not be nested deeper than ${MAX_JSON_DEPTH} levels`);
        expect(fault?.path.split('.')).toHaveLength(MAX_JSON_DEPTH);
      }
    },
  );

  it('finds a __proto__ among the fields of a query, which has no prototype', () => {
    const query = Object.create(null) as Record<string, string>;
    query.__proto__ = 'x';
    expect(findUnsafeJson(query)?.path).toBe('__proto__');
  });

  it('shortens a long path', () => {
    const fault = findUnsafeJson({ ['k'.repeat(10_000)]: '\0' });
    expect(fault?.path.length).toBeLessThanOrEqual(200);
  });
});
