import type { JsonObject } from '#contracts';
import { SchemaChecks } from './schema-checks.service.js';
import { readDeclared } from './schema-dialect.js';

const checks = new SchemaChecks();
beforeAll(() => checks.load());
afterAll(() => checks.onApplicationShutdown());

const OWNER = ['agt_1', 'svc'];

const pathsOf = async (schema: JsonObject, payload: JsonObject): Promise<string[]> => [
  ...new Set((await checks.issuesAside({ schema, payload }, OWNER)).map(({ path }) => path)),
];

const DRAFT_04 = 'http://json-schema.org/draft-04/schema#';
const field = (a: JsonObject, others: JsonObject = {}): JsonObject => ({ properties: { a }, ...others });

describe('A declared schema', () => {
  it.each<[string, JsonObject, string]>([
    ['2020-12 by its tuple', field({ prefixItems: [{ type: 'string' }] }), '2020-12'],
    ['2020-12 as OpenAPI 3.1', { $schema: 'https://spec.openapis.org/oas/3.1/dialect/base' }, '2020-12'],
    ['2019-09 by a keyword', { dependentRequired: { a: ['b'] } }, '2019-09'],
    ['2019-09 by a keyword beside an older tuple', field({ items: [{}], unevaluatedItems: false }), '2019-09'],
    ['2019-09 by name', { $schema: 'https://json-schema.org/draft/2019-09/schema' }, '2019-09'],
    ['draft-07 by default', field({ type: 'string' }), 'draft-07'],
    [
      'draft-07 by name, whatever it uses',
      { $schema: 'http://json-schema.org/draft-07/schema#', minContains: 1 },
      'draft-07',
    ],
    ['by its keywords when its name is unknown', { $schema: 'https://example.org/x', $dynamicRef: '#' }, '2020-12'],
    ['with fields named like keywords', field({}, { properties: { prefixItems: {}, nullable: {} } }), 'draft-07'],
  ])('is read as %s', (_, schema, draft) => {
    expect(readDeclared(schema).draft).toBe(draft);
  });

  it.each<[string, JsonObject, readonly string[]]>([
    [
      'newer keywords',
      { $schema: 'http://json-schema.org/draft-07/schema#', dependentRequired: {} },
      ['dependentRequired'],
    ],
    [
      'older keywords',
      { $schema: 'https://json-schema.org/draft/2020-12/schema', ...field({ additionalItems: false }) },
      ['additionalItems'],
    ],
    ['keywords that none of them has', field({ disallow: 'string' }), ['disallow']],
    ['its own keywords and unknown ones', field({ minContains: 1, 'x-order': 2, placeholder: 'x' }), []],
  ])('names what counts for nothing in it: %s', (_, schema, ignored) => {
    expect(readDeclared(schema).ignored).toEqual(ignored);
  });

  it.each<[string, JsonObject, JsonObject, JsonObject]>([
    ['a bound of draft-04', field({ minimum: 1, exclusiveMinimum: true }, { $schema: DRAFT_04 }), { a: 2 }, { a: 1 }],
    ['a bound of draft-04 that includes', field({ maximum: 1, exclusiveMaximum: false }), { a: 1 }, { a: 2 }],
    ['a required field of draft-03', field({ type: 'any', required: true }), { a: 1 }, {}],
    ['required fields two levels down', field(field({ required: true })), { a: { a: 1 } }, { a: {} }],
    ['a divisor of draft-03', field({ divisibleBy: 2 }), { a: 4 }, { a: 3 }],
    [
      'an id of draft-04',
      field({ type: 'string' }, { $schema: DRAFT_04, id: 'urn:jsonschema:x' }),
      { a: '' },
      { a: 1 },
    ],
    ['nullable beside a type', field({ type: 'string', nullable: true }), { a: null }, { a: 1 }],
    [
      'nullable beside a list of values',
      field({ type: 'string', nullable: true, enum: ['x'] }),
      { a: null },
      { a: 'y' },
    ],
    [
      'nullable beside a reference',
      field({ $ref: '#/components/schemas/T', nullable: true }, { components: { schemas: { T: { type: 'string' } } } }),
      { a: null },
      { a: 1 },
    ],
    [
      'nullable in what is referred to',
      field(
        { $ref: '#/components/schemas/T' },
        { components: { schemas: { T: { oneOf: [{ type: 'string' }], nullable: true } } } },
      ),
      { a: null },
      { a: 1 },
    ],
    [
      'a tuple of a newer draft',
      field({ prefixItems: [{ type: 'string' }], items: false }),
      { a: ['x'] },
      { a: ['x', 1] },
    ],
    ['dependent fields', { dependentRequired: { a: ['b'] } }, { a: 1, b: 1 }, { a: 1 }],
    ['unevaluated fields', { allOf: [field({})], unevaluatedProperties: false }, { a: 1 }, { b: 1 }],
  ])('takes what it allows and refuses what it does not: %s', async (_, schema, allowed, refused) => {
    expect(await pathsOf(schema, allowed)).toEqual([]);
    const paths = await pathsOf(schema, refused);
    expect(paths).toHaveLength(1);
    expect(paths).not.toEqual(['']);
  });

  it('does not change what it holds as values', () => {
    const value = { nullable: true, id: 'x', required: true };
    const { schema } = readDeclared(field({ const: value, default: value, enum: [value] }));
    expect(schema).toEqual(field({ const: value, default: value, enum: [value] }));
  });
});

describe('A multiple', () => {
  it.each([
    [0.01, 19.99],
    [0.01, 0.29],
    [0.01, 99_999_999.99],
    [0.01, -1.15],
    [0.1, 0.3],
    [0.000001, 0.000003],
    [1e-7, 3e-7],
    [0.05, 1.15],
    [3, 9_007_199_254_740_990],
    [1e20, 3e22],
    [0.01, 0],
  ])('of %p is %p as it is written', async (multipleOf, a) => {
    expect(await pathsOf(field({ multipleOf }), { a })).toEqual([]);
  });

  it.each([
    [0.01, 19.999],
    [0.01, 1e-9],
    [0.1, 0.35],
    [3, 10],
    [1e20, 1e19],
  ])('of %p is not %p', async (multipleOf, a) => {
    expect(await pathsOf(field({ multipleOf }), { a })).toEqual(['a']);
  });
});
