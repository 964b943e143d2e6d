import type { OpenAPIObject } from '@nestjs/swagger';
import fc from 'fast-check';
import { hostileValue } from './hostile-values.js';

interface Schema {
  readonly $ref?: string;
  readonly allOf?: readonly Schema[];
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
}

const MAX_TEXT = 5_000;

const resolve = (document: OpenAPIObject, schema: Schema): Schema => {
  const { $ref, allOf } = schema;
  if (allOf?.[0]) return resolve(document, allOf[0]);
  if ($ref === undefined) return schema;
  return document.components?.schemas?.[$ref.split('/').at(-1) ?? ''] ?? {};
};

/** The bounds, and one beyond each. */
const numberOf = ({ minimum = 0, maximum = 1_000 }: Schema): fc.Arbitrary<unknown> =>
  fc.constantFrom(minimum, minimum - 1, maximum, maximum + 1, minimum + 0.5);

const textOf = ({ minLength = 0, maxLength = 50, pattern }: Schema): fc.Arbitrary<unknown> => {
  const lengths = [minLength, minLength - 1, maxLength, maxLength + 1].filter((n) => n >= 0 && n <= MAX_TEXT);
  const letters = fc.constantFrom(...lengths, 1).map((length) => 'a'.repeat(length));
  return pattern === undefined ? fc.oneof(letters, fc.string()) : letters;
};

const objectOf = (document: OpenAPIObject, { properties = {}, required = [] }: Schema): fc.Arbitrary<unknown> => {
  const fields = Object.entries(properties).map(([name, field]) => [name, valuesOfSchema(document, field)] as const);
  const known = fc.record(Object.fromEntries(fields), { requiredKeys: [...required] });
  const extra = fc.dictionary(fc.constantFrom('extra', '__proto__', 'constructor', 'toString', 'id'), hostileValue);
  // Through JSON, where `__proto__` is an ordinary key.
  return fc.tuple(known, fc.option(extra, { nil: {}, freq: 8 })).map(([own, more]) => ({ ...own, ...more }));
};

const fitting = (document: OpenAPIObject, schema: Schema): fc.Arbitrary<unknown> => {
  if (schema.enum) return fc.constantFrom(...schema.enum);
  switch ([schema.type].flat()[0]) {
    case 'object':
      return objectOf(document, schema);
    case 'array':
      return fc.array(valuesOfSchema(document, schema.items ?? {}), { maxLength: 3 });
    case 'integer':
    case 'number':
      return numberOf(schema);
    case 'boolean':
      return fc.boolean();
    case 'string':
      return textOf(schema);
    default:
      return hostileValue;
  }
};

/** Values for a request's schema, most of them almost valid: at its bounds, with a wrong type or an undeclared field. */
export const valuesOfSchema = (document: OpenAPIObject, schema: object): fc.Arbitrary<unknown> =>
  fc.oneof(
    { weight: 6, arbitrary: fitting(document, resolve(document, schema as Schema)) },
    { weight: 1, arbitrary: hostileValue },
  );
