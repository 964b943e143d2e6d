import type { Json, JsonObject } from '#contracts';
import { redactPayload } from './payload-secrets.js';

const SECRET: JsonObject = { type: 'string', format: 'password' };
const HIDDEN = '[REDACTED]';

describe('a payload as users see it', () => {
  it.each<[string, JsonObject]>([
    ['by format', { properties: { a: SECRET } }],
    ['by writeOnly', { properties: { a: { writeOnly: true } } }],
    ['by a reference', { properties: { a: { $ref: '#/definitions/s' } }, definitions: { s: SECRET } }],
    ['by $defs', { properties: { a: { $ref: '#/$defs/a~1b' } }, $defs: { 'a/b': SECRET } }],
    ['by an escaped reference', { properties: { a: { $ref: '#/$defs/a%20b' } }, $defs: { 'a b': SECRET } }],
    ['by a reference to a reference', { properties: { a: { $ref: '#/x' } }, x: { $ref: '#/y' }, y: SECRET }],
    ['beside a reference', { properties: { a: { $ref: '#/x', writeOnly: true } }, x: { type: 'string' } }],
    ['by allOf', { properties: { a: { allOf: [{}, SECRET] } } }],
    ['by anyOf', { properties: { a: { anyOf: [{ type: 'number' }, SECRET] } } }],
    ['by oneOf, deeper', { properties: { a: { oneOf: [{ allOf: [{ if: {}, then: SECRET }] }] } } }],
    ['by an alternative of the whole', { allOf: [{ properties: { a: SECRET } }] }],
    ['by a dependency', { dependentSchemas: { b: { properties: { a: SECRET } } } }],
    ['by additionalProperties', { properties: { b: {} }, additionalProperties: SECRET }],
    ['by patternProperties', { patternProperties: { '^a': SECRET } }],
    ['by unevaluatedProperties', { unevaluatedProperties: SECRET }],
    ['by a dangling reference', { properties: { a: { $ref: '#/definitions/none' } } }],
    ['by a reference to another document', { properties: { a: { $ref: 'https://example.org/schema' } } }],
    ['by an anchor', { properties: { a: { $ref: '#name' } }, $defs: { s: { $anchor: 'name', ...SECRET } } }],
    ['by a malformed reference', { properties: { a: { $ref: '#/%' } } }],
  ])('hides a value that is secret %s', (_, schema) => {
    expect(redactPayload(schema, { a: 'x', c: 1 })).toMatchObject({ a: HIDDEN });
  });

  it('keeps everything else', () => {
    const schema = {
      properties: { a: { $ref: '#/definitions/t' }, b: SECRET },
      definitions: { t: { type: 'string' } },
    };
    const payload = { a: 'text', c: { d: [1, true, null] }, tokenCount: 3, author: 'me' };
    expect(redactPayload(schema, payload)).toEqual(payload);
    expect(redactPayload(null, payload)).toEqual(payload);
  });

  it.each<[string, JsonObject, Json, Json]>([
    ['items', { items: SECRET }, ['x', 'y'], [HIDDEN, HIDDEN]],
    ['a tuple', { items: [{}, SECRET] }, ['x', 'y', 'z'], ['x', HIDDEN, 'z']],
    ['a tuple of 2020-12', { prefixItems: [SECRET], items: {} }, ['x', 'y'], [HIDDEN, 'y']],
    ['items after a tuple', { items: [{}], additionalItems: SECRET }, ['x', 'y'], ['x', HIDDEN]],
    [
      'objects in lists',
      { items: { properties: { s: SECRET, t: {} } } },
      [{ s: 'x', t: 'y' }],
      [{ s: HIDDEN, t: 'y' }],
    ],
    ['a whole list', SECRET, ['x'], HIDDEN],
    ['a whole object', { writeOnly: true }, { x: 1 }, HIDDEN],
    ['a number', SECRET, 42, HIDDEN],
    ['an empty text', SECRET, '', ''],
    ['null', SECRET, null, null],
    ['a boolean', SECRET, false, false],
  ])('follows the schema into %s', (_, schema, value, expected) => {
    expect(redactPayload({ properties: { a: schema } }, { a: value })).toEqual({ a: expected });
  });

  it('hides values by key and by shape, whatever the schema says', () => {
    const payload = {
      password: 'x',
      deep: [{ apiKey: 'x', credentials: { user: 'u', pin: 1 } }],
      note: `uses opstage_agent_${'a'.repeat(43)}`,
      empty: { secret: '', token: null, cookie: true },
    };
    expect(redactPayload(null, payload)).toEqual({
      password: HIDDEN,
      deep: [{ apiKey: HIDDEN, credentials: HIDDEN }],
      note: 'uses [REDACTED]',
      empty: { secret: '', token: null, cookie: true },
    });
  });

  it('follows a recursive schema as deep as the payload goes', () => {
    const schema: JsonObject = { properties: { child: { $ref: '#' }, pin: SECRET }, allOf: [{ $ref: '#' }] };
    expect(redactPayload(schema, { child: { child: { pin: 'x', name: 'y' } } })).toEqual({
      child: { child: { pin: HIDDEN, name: 'y' } },
    });
  });

  it('looks at each schema a limited number of times, however long the payload is', () => {
    let looks = 0;
    const counting = Array.from({ length: 1_000 }, () => ({
      get format() {
        looks += 1;
        return 'text';
      },
      items: {},
    }));
    const list = Array.from({ length: 2_000 }, (_, i) => i);
    const shown = redactPayload({ properties: { a: { items: { allOf: counting } } } }, { a: list });
    expect(shown).toEqual({ a: list });
    expect(looks).toBe(1_000);
  });

  it('limits the work on a hostile schema, and then hides too much rather than too little', () => {
    const many = Array.from({ length: 25_000 }, () => ({}));
    expect(redactPayload({ properties: { a: { allOf: many } } }, { a: 'x' })).toEqual({ a: HIDDEN });
    const twice = (to: string): JsonObject => ({ allOf: [{ $ref: to }, { $ref: to }] });
    const levels = Array.from({ length: 60 }, (_, i) => [`l${i}`, twice(`#/l${i + 1}`)]);
    const schema = {
      ...twice('#/l0'),
      ...Object.fromEntries(levels),
      l60: { properties: { a: SECRET } },
    } as JsonObject;
    expect(redactPayload(schema, { a: 'x', b: 'y' })).toEqual({ a: HIDDEN, b: 'y' });
  });

  it('costs no more for a long list than for a short one', () => {
    const schema = { properties: { list: { items: { properties: { pin: SECRET }, additionalProperties: {} } } } };
    const list = Array.from({ length: 10_000 }, (_, i) => ({ pin: 'x', [`key${i}`]: 'y' }));
    const shown = redactPayload(schema, { list }).list as readonly JsonObject[];
    expect(shown[9_999]).toEqual({ pin: HIDDEN, key9999: 'y' });
  });
});
