import { formSchemaOf, hasSecret } from './form-schema';

const properties = (schema: ReturnType<typeof formSchemaOf>): Record<string, unknown> =>
  (schema?.properties ?? {}) as Record<string, unknown>;

const field = (schema: object): unknown =>
  properties(formSchemaOf({ type: 'object', properties: { a: schema as never } })).a;

describe('formSchemaOf', () => {
  it('keeps what a form can draw', () => {
    expect(field({ type: 'integer', title: 'N', minimum: 1, default: 2 })).toEqual({
      type: 'integer',
      title: 'N',
      minimum: 1,
      default: 2,
      'x-optional': true,
    });
  });

  it('names a field after its key when it has no title', () => {
    expect(field({ type: 'string' })).toMatchObject({ title: 'a' });
  });

  it('lets nothing through that is not a known keyword', () => {
    const widget = { formlyConfig: { template: '<b>x</b>', expressions: { hide: 'alert(1)' } } };
    expect(field({ type: 'string', widget, pattern: '(a+)+$' })).toEqual({
      type: 'string',
      title: 'a',
      'x-optional': true,
    });
  });

  it.each([
    ['a union of types', { type: ['string', 'number'] }],
    ['no type', {}],
    ['a choice of shapes', { oneOf: [{ type: 'string' }, { type: 'object' }] }],
    ['a map', { type: 'object', additionalProperties: { type: 'string' } }],
    ['a tuple', { type: 'array', prefixItems: [{ type: 'string' }] }],
    ['a reference to elsewhere', { $ref: 'https://example.com/schema' }],
    ['a key that is a path', { type: 'object', properties: { 'a.b': { type: 'string' } } }],
    ['a choice of objects', { enum: [{}, {}] }],
    ['something that is no schema', true],
  ])('edits %s as JSON', (_what, schema) => {
    expect(field(schema as object)).toMatchObject({ 'x-json': true });
  });

  it('takes a nullable type as an optional one', () => {
    expect(field({ type: ['null', 'string'] })).toMatchObject({ type: 'string', 'x-nullable': true });
  });

  it('reads constants with titles as labelled choices', () => {
    expect(field({ oneOf: [{ const: 1, title: 'One' }, { const: 2 }] })).toMatchObject({
      enum: [1, 2],
      enumLabels: { '1': 'One', '2': '2' },
    });
  });

  it('follows local references, and stops at endless ones', () => {
    const node = { type: 'object', properties: { next: { $ref: '#/definitions/node' } } };
    const schema = formSchemaOf({
      type: 'object',
      properties: { a: { $ref: '#/definitions/node' } },
      definitions: { node },
    });
    expect(JSON.stringify(schema)).toContain('"x-json":true');
    expect(properties(schema).a).toMatchObject({ type: 'object' });
  });

  it('edits a part that refers to itself as JSON at once', () => {
    const filter = { type: 'object', properties: { and: { $ref: '#/$defs/f' }, not: { $ref: '#/$defs/f' } } };
    const schema = formSchemaOf({ type: 'object', properties: { f: { $ref: '#/$defs/f' } }, $defs: { f: filter } });
    expect(properties(schema).f).toMatchObject({
      type: 'object',
      properties: { and: { 'x-json': true }, not: { 'x-json': true } },
    });
  });

  /** How many parts of it are drawn. */
  const countOf = (schema: unknown): number => {
    const { properties: parts, items } = (schema ?? {}) as { properties?: object; items?: object };
    const nested = [...(Object.values(parts ?? {}) as unknown[]), ...(items ? [items] : [])];
    return nested.length + nested.reduce<number>((sum, part) => sum + countOf(part), 0);
  };

  it.each([4, 8, 20])('draws at most 300 fields of %i that each refer to as many more', (width) => {
    const level = (next: number) => ({
      type: 'object',
      properties: Object.fromEntries(Array.from({ length: width }, (_, i) => [`p${i}`, { $ref: `#/$defs/l${next}` }])),
    });
    const $defs = { l0: level(1), l1: level(2), l2: level(3), l3: level(4), l4: { type: 'string' } };
    const schema = formSchemaOf({ ...level(0), $defs });
    expect(countOf(schema)).toBeGreaterThan(width);
    expect(countOf(schema)).toBeLessThanOrEqual(300);
  });

  it('leaves a form of more than 300 fields to JSON altogether', () => {
    const fields = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, i) => [`p${i}`, { type: 'string' }]));
    expect(formSchemaOf({ type: 'object', properties: fields(300) })).not.toBeNull();
    expect(formSchemaOf({ type: 'object', properties: fields(301) })).toBeNull();
  });

  it('edits a choice of very many as JSON', () => {
    const many = (count: number) => ({ enum: Array.from({ length: count }, (_, i) => `v${i}`) });
    expect(field(many(1_000))).toHaveProperty('enum');
    expect(field(many(1_001))).toMatchObject({ 'x-json': true });
  });

  it.each([
    [{ b: 'Bee' }, { b: 'Bee' }],
    [['Ay', 'Bee'], { a: 'Ay', b: 'Bee' }],
    [['Ay'], { a: 'Ay' }],
    ['nothing', {}],
  ])('takes labels of choices as %j', (enumLabels, expected) => {
    expect(field({ enum: ['a', 'b'], enumLabels })).toMatchObject({ enumLabels: expected });
  });

  it('takes a placeholder', () => {
    expect(field({ type: 'string', placeholder: 'such as this' })).toMatchObject({ placeholder: 'such as this' });
    expect(field({ type: 'string', placeholder: { template: 'x' } })).not.toHaveProperty('placeholder');
  });

  it('masks a text whose name reads as a secret', () => {
    const schema = { type: 'object', properties: { apiKey: { type: 'string' }, tokenCount: { type: 'string' } } };
    const drawn = properties(formSchemaOf(schema));
    expect(drawn.apiKey).toMatchObject({ format: 'password' });
    expect(drawn.tokenCount).not.toHaveProperty('format');
    expect(hasSecret(formSchemaOf(schema) ?? {})).toBe(true);
  });

  it.each([
    [{ type: ['string', 'null'] }, true],
    [{ enum: ['a', null] }, true],
    [{ type: ['string', 'null'], enum: ['a'] }, false],
    [{ type: 'string', nullable: true }, true],
    [{ type: 'string' }, false],
  ])('says whether null is a value of %j: %p', (schema, isNullable) => {
    const drawn = field(schema) as { 'x-nullable'?: boolean };
    expect(drawn['x-nullable'] === true).toBe(isNullable);
  });

  it('chooses several of a list once each', () => {
    expect(field({ type: 'array', items: { enum: ['a', 'b'] } })).toMatchObject({ uniqueItems: true });
  });

  it.each([[{}], [{ type: 'object' }], [{ type: 'string' }], [{ type: 'object', properties: { a: {} }, if: {} }]])(
    'leaves %j to JSON altogether',
    (schema) => {
      expect(formSchemaOf(schema as never)).toBeNull();
    },
  );
});

describe('hasSecret', () => {
  it('finds one however deep', () => {
    const secret = { type: 'string', writeOnly: true };
    const list = { type: 'array', items: { type: 'object', properties: { s: secret } } };
    expect(hasSecret(formSchemaOf({ type: 'object', properties: { list } }) ?? {})).toBe(true);
    expect(hasSecret(formSchemaOf({ type: 'object', properties: { a: { type: 'string' } } }) ?? {})).toBe(false);
  });
});
