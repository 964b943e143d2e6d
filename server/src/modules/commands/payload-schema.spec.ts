import type { JsonObject } from '#contracts';
import { payloadIssues } from './payload-schema.js';

const pathsOf = (schema: JsonObject, payload: JsonObject): string[] =>
  payloadIssues(schema, payload)
    .map(({ path }) => path)
    .sort();

const UNUSABLE = [{ path: '', message: 'the input schema that the service declared cannot be used' }];

describe('the issues of a payload', () => {
  it('are none where there is no schema, and where the payload fits', () => {
    expect(payloadIssues(null, { any: 'thing' })).toEqual([]);
    expect(payloadIssues({}, { any: 'thing' })).toEqual([]);
    expect(payloadIssues({ type: 'object', required: ['a'] }, { a: 1 })).toEqual([]);
  });

  it.each<[string, JsonObject, JsonObject, string[]]>([
    ['a missing field', { required: ['a', 'b'] }, {}, ['a', 'b']],
    ['an extra field', { additionalProperties: false }, { x: 1 }, ['x']],
    ['a field in a field', { properties: { a: { properties: { b: { type: 'string' } } } } }, { a: { b: 1 } }, ['a.b']],
    ['an item of a list', { properties: { a: { items: { minimum: 2 } } } }, { a: [2, 1] }, ['a.1']],
    ['keys that a pointer must escape', { properties: { 'a/b': { required: ['c~d'] } } }, { 'a/b': {} }, ['a/b.c~d']],
    ['a format', { properties: { at: { format: 'date-time' } } }, { at: 'noon' }, ['at']],
    ['the whole', { type: 'object', minProperties: 1 }, {}, ['']],
    ['an inherited key', { required: ['toString'] }, {}, ['toString']],
  ])('name the place of %s', (_, schema, payload, expected) => {
    expect(pathsOf(schema, payload)).toEqual(expected);
  });

  it('are 50 at most', () => {
    const required = Array.from({ length: 80 }, (_, i) => `field${i}`);
    expect(payloadIssues({ required }, {})).toHaveLength(50);
  });

  it.each<[string, JsonObject, string[]]>([
    ['draft-07, unless it says otherwise', { properties: { a: { items: [{ type: 'string' }] } } }, ['a.0']],
    [
      'draft-07, where it says so',
      { $schema: 'http://json-schema.org/draft-07/schema#', properties: { a: { items: [{ type: 'string' }] } } },
      ['a.0'],
    ],
    [
      '2020-12, where it says so',
      {
        $schema: 'https://json-schema.org/draft/2020-12/schema',
        properties: { a: { prefixItems: [{ type: 'string' }] } },
        unevaluatedProperties: false,
      },
      ['a.0', 'b'],
    ],
  ])('follow %s', (_, schema, expected) => {
    expect(pathsOf(schema, { a: [1], b: 1 })).toEqual(expected);
  });

  it.each<[string, JsonObject]>([
    ['an unknown type', { type: 'thing' }],
    ['a list of properties', { properties: [] }],
    ['a pattern that is none', { properties: { a: { pattern: '(' } } }],
    ['a reference into nothing', { $ref: '#/$defs/none' }],
    ['a reference that is malformed', { $ref: '#/%' }],
    ['a reference to another place', { $ref: 'https://example.org/schema' }],
    ['an answer that comes later', { $async: true }],
    ['a part that answers later', { allOf: [{ $ref: '#/definitions/a' }], definitions: { a: { $async: true } } }],
    ['a tuple of the other dialect', { $schema: 'https://json-schema.org/draft/2020-12/schema', items: [{}] }],
  ])('say that a schema with %s cannot be used', (_, schema) => {
    expect(payloadIssues(schema, { a: 'x' })).toEqual(UNUSABLE);
  });

  it('say so of a schema that would keep the server busy', () => {
    const evil = { properties: { a: { type: 'string', pattern: '^(a|a)*$' } } };
    expect(payloadIssues(evil, { a: `${'a'.repeat(50)}!` })).toEqual(UNUSABLE);
    const levels = Array.from({ length: 40 }, (_, i) => [
      `l${i}`,
      { allOf: [{ $ref: `#/definitions/l${i + 1}` }, { $ref: `#/definitions/l${i + 1}` }] },
    ]);
    const definitions = { ...Object.fromEntries(levels), l40: {} } as JsonObject;
    expect(payloadIssues({ $ref: '#/definitions/l0', definitions }, {})).toEqual(UNUSABLE);
  });

  it('do not mix up schemas that call themselves the same', () => {
    const named = (type: string): JsonObject => ({
      $id: 'https://example.org/same',
      properties: { a: { $id: 'a', type } },
    });
    expect(payloadIssues(named('string'), { a: 'x' })).toEqual([]);
    expect(pathsOf(named('number'), { a: 'x' })).toEqual(['a']);
    expect(payloadIssues(named('string'), { a: 'x' })).toEqual([]);
  });
});
