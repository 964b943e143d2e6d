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
    expect(field({ type: ['null', 'string'] })).toMatchObject({ type: 'string' });
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
