import type { JsonObject, ValidationIssue } from '#contracts';
import { SchemaChecks } from '../../agents/schemas/schema-checks.service.js';
import { PayloadValidator } from './payload-validator.js';

const schemas = new SchemaChecks();
afterAll(() => schemas.onApplicationShutdown());
const checks = new PayloadValidator(schemas);

const payloadIssues = (schema: JsonObject | null, payload: JsonObject): Promise<readonly ValidationIssue[]> =>
  checks.withValidation((issuesOf) => Promise.resolve(issuesOf(schema, payload, ['agt_1', 'svc'])));

const pathsOf = async (schema: JsonObject, payload: JsonObject): Promise<string[]> =>
  (await payloadIssues(schema, payload)).map(({ path }) => path).sort();

/** Each level applies the next one twice: 2^levels in all. */
const bomb = (levels: number, keyword = 'allOf'): JsonObject => {
  const refer = (level: number): JsonObject => ({ $ref: `#/definitions/b${level}` });
  const twice = (level: number): JsonObject => ({ [keyword]: [refer(level + 1), refer(level + 1)] });
  const entries = Array.from({ length: levels }, (_, level) => [`b${level}`, twice(level)] as const);
  return { ...Object.fromEntries(entries), [`b${levels}`]: { not: {} } };
};

const UNUSABLE = [{ path: '', message: 'the input schema that the service declared cannot be used' }];

describe('the issues of a payload', () => {
  it('are empty without a schema, and when the payload matches', async () => {
    expect(await payloadIssues(null, { any: 'thing' })).toEqual([]);
    expect(await payloadIssues({}, { any: 'thing' })).toEqual([]);
    expect(await payloadIssues({ type: 'object', required: ['a'] }, { a: 1 })).toEqual([]);
  });

  it.each<[string, JsonObject, JsonObject, string[]]>([
    ['a missing field', { required: ['a', 'b'] }, {}, ['a', 'b']],
    ['an additional field', { additionalProperties: false }, { x: 1 }, ['x']],
    ['a field in a field', { properties: { a: { properties: { b: { type: 'string' } } } } }, { a: { b: 1 } }, ['a.b']],
    ['an item of a list', { properties: { a: { items: { minimum: 2 } } } }, { a: [2, 1] }, ['a.1']],
    ['keys that a pointer must escape', { properties: { 'a/b': { required: ['c~d'] } } }, { 'a/b': {} }, ['a/b.c~d']],
    ['a format', { properties: { at: { format: 'date-time' } } }, { at: 'noon' }, ['at']],
    ['the whole payload', { type: 'object', minProperties: 1 }, {}, ['']],
    ['an inherited key', { required: ['toString'] }, {}, ['toString']],
  ])('name the path of %s', async (_, schema, payload, expected) => {
    expect(await pathsOf(schema, payload)).toEqual(expected);
  });

  it('are at most 50', async () => {
    const required = Array.from({ length: 80 }, (_, i) => `field${i}`);
    expect(await payloadIssues({ required }, {})).toHaveLength(50);
  });

  it.each<[string, JsonObject, string[]]>([
    ['draft-07 by default', { properties: { a: { items: [{ type: 'string' }] } } }, ['a.0']],
    [
      'draft-07 if the schema says so',
      { $schema: 'http://json-schema.org/draft-07/schema#', properties: { a: { items: [{ type: 'string' }] } } },
      ['a.0'],
    ],
    [
      '2020-12 if the schema says so',
      {
        $schema: 'https://json-schema.org/draft/2020-12/schema',
        properties: { a: { prefixItems: [{ type: 'string' }] } },
        unevaluatedProperties: false,
      },
      ['a.0', 'b'],
    ],
  ])('follow %s', async (_, schema, expected) => {
    expect(await pathsOf(schema, { a: [1], b: 1 })).toEqual(expected);
  });

  it.each<[string, JsonObject]>([
    ['an unknown type', { type: 'thing' }],
    ['a list of properties', { properties: [] }],
    ['an invalid pattern', { properties: { a: { pattern: '(' } } }],
    ['a reference to a missing part', { $ref: '#/$defs/none' }],
    ['a malformed reference', { $ref: '#/%' }],
    ['a reference to another document', { $ref: 'https://example.org/schema' }],
    ['an asynchronous check', { $async: true }],
    ['an asynchronous part', { allOf: [{ $ref: '#/definitions/a' }], definitions: { a: { $async: true } } }],
    ['a tuple of another dialect', { $schema: 'https://json-schema.org/draft/2020-12/schema', items: [{}] }],
  ])('say that a schema with %s cannot be used', async (_, schema) => {
    expect(await payloadIssues(schema, { a: 'x' })).toEqual(UNUSABLE);
  });

  it('say that a schema that would block the server cannot be used', async () => {
    const evil: JsonObject = { properties: { a: { type: 'string', pattern: '^(a|a)*$' } } };
    expect(await payloadIssues(evil, { a: `${'a'.repeat(50)}!` })).toEqual(UNUSABLE);
    const levels = Array.from({ length: 40 }, (_, i) => [
      `l${i}`,
      { allOf: [{ $ref: `#/definitions/l${i + 1}` }, { $ref: `#/definitions/l${i + 1}` }] },
    ]);
    const definitions = { ...Object.fromEntries(levels), l40: {} } as JsonObject;
    expect(await payloadIssues({ $ref: '#/definitions/l0', definitions }, {})).toEqual(UNUSABLE);
  });

  it('do not confuse schemas with the same id', async () => {
    const named = (type: string): JsonObject => ({
      $id: 'https://example.org/same',
      properties: { a: { $id: 'a', type } },
    });
    expect(await payloadIssues(named('string'), { a: 'x' })).toEqual([]);
    expect(await pathsOf(named('number'), { a: 'x' })).toEqual(['a']);
    expect(await payloadIssues(named('string'), { a: 'x' })).toEqual([]);
  });

  it.each<[string, JsonObject, JsonObject]>([
    ['a pattern', { properties: { a: { pattern: '(a+)+$' } } }, { a: `${'a'.repeat(60)}!` }],
    ['a pattern of names', { patternProperties: { '^(a|aa)+$': { type: 'string' } } }, { [`${'a'.repeat(80)}!`]: 1 }],
    [
      'unique items',
      { properties: { a: { uniqueItems: true } } },
      { a: Array.from({ length: 60_000 }, (_, i) => ({ i })) },
    ],
    ['a recursive schema', { $ref: '#/definitions/b0', definitions: bomb(60) }, {}],
    ['nested alternatives', { anyOf: [{ $ref: '#/definitions/b0' }], definitions: bomb(60, 'anyOf') }, { x: 1 }],
  ])('are found without delaying anything else: %s', async (_, schema, payload) => {
    const order: string[] = [];
    const issues = payloadIssues(schema, payload).then((found) => {
      order.push('checked');
      return found;
    });
    // A check on this thread would delay this until it is done.
    await new Promise((resolve) => setImmediate(resolve));
    order.push('other work');
    expect(await issues).toEqual(UNUSABLE);
    expect(order).toEqual(['other work', 'checked']);
    expect(await pathsOf({ properties: { a: { pattern: '^b$' } } }, { a: 'c' })).toEqual(['a']);
  });
});
