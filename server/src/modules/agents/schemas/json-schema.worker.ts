import { _, Ajv, type ErrorObject, type Options, str, type ValidateFunction } from 'ajv';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { JsonObject } from '#contracts';

const OPTIONS: Options = {
  strict: false,
  allErrors: true,
  logger: false,
  ownProperties: true,
  // A schema that refers to one of its parts many times must not grow each time.
  inlineRefs: false,
  // Schemas are checked beforehand, by an instance that is made once.
  meta: false,
  validateSchema: false,
};

const MAX_KEPT = 100;
const MAX_KEPT_LENGTH = 20_000;
const MAX_ERRORS = 50;

/** A dialect of JSON Schema. */
export type Draft = 'draft-07' | '2019-09' | '2020-12';

/** A schema in the spelling of its dialect, without `$schema`. */
export interface DialectSchema {
  readonly draft: Draft;
  readonly schema: JsonObject;
}

/** A payload, and the schema it should match. */
export interface SchemaCheck extends DialectSchema {
  readonly payload: JsonObject;
}

/** What Ajv reports about one place in a payload. */
export type SchemaError = Pick<ErrorObject, 'instancePath' | 'params' | 'message'>;

const VALIDATORS = { 'draft-07': Ajv, '2019-09': Ajv2019, '2020-12': Ajv2020 };

/** The rules of each dialect. They are compiled when first needed: it takes a tenth of a start. */
const metas = new Map<Draft, Ajv>();

/** @throws when the schema breaks the rules of its dialect; the message says where */
const requireValid = ({ draft, schema }: DialectSchema): void => {
  const meta = metas.get(draft) ?? new VALIDATORS[draft]({ strict: false, logger: false });
  metas.set(draft, meta);
  if (meta.validateSchema(schema) === true) return;
  const { instancePath = '', message = 'is not valid' } = meta.errors?.[0] ?? {};
  throw new Error(`${instancePath || 'it'} ${message}`);
};

/** A number as written in JSON: an integer and how many of its digits are decimals. */
const toDecimal = (value: number): { readonly digits: bigint; readonly scale: number } => {
  const [mantissa = '', exponent = '0'] = String(value).split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  return { digits: BigInt(whole + fraction), scale: fraction.length - Number(exponent) };
};

const TEN = BigInt(10);

/** Whether `value` is a multiple of `divisor` as both are written: 19.99 is one of 0.01, which division would deny. */
const isMultipleOf = (value: number, divisor: number): boolean => {
  const [a, b] = [toDecimal(value), toDecimal(divisor)];
  const scale = Math.max(a.scale, b.scale);
  return (a.digits * TEN ** BigInt(scale - a.scale)) % (b.digits * TEN ** BigInt(scale - b.scale)) === BigInt(0);
};

const exactMultipleOf = (ajv: Ajv): Ajv =>
  ajv.removeKeyword('multipleOf').addKeyword({
    keyword: 'multipleOf',
    type: 'number',
    schemaType: 'number',
    compile: (divisor: number) => (value: number) => isMultipleOf(value, divisor),
    error: {
      message: ({ schemaCode }) => str`must be multiple of ${schemaCode}`,
      params: ({ schemaCode }) => _`{multipleOf: ${schemaCode}}`,
    },
  });

const compile = ({ draft, schema }: DialectSchema): ValidateFunction => {
  requireValid({ draft, schema });
  // One instance per schema: schemas must not see each other's ids.
  const ajv = exactMultipleOf(new VALIDATORS[draft](OPTIONS));
  addFormats.default(ajv);
  const validate = ajv.compile(schema);
  // It would return a promise instead of a boolean.
  if ('$async' in validate) throw new Error('it is asynchronous');
  return validate;
};

const kept = new Map<string, ValidateFunction>();

/** The validator of a schema. The last 100 used are kept. */
const compiledSchema = ({ draft, schema }: DialectSchema): ValidateFunction => {
  const text = `${draft} ${JSON.stringify(schema)}`;
  const validate = kept.get(text) ?? compile({ draft, schema });
  kept.delete(text);
  if (text.length <= MAX_KEPT_LENGTH) kept.set(text, validate);
  const oldest = kept.keys().next().value;
  if (kept.size > MAX_KEPT && oldest !== undefined) kept.delete(oldest);
  return validate;
};

/** Where the payload does not match the schema, at most 50 errors; null for a schema that cannot be used. */
export const validatePayload = (check: SchemaCheck): readonly SchemaError[] | null => {
  try {
    const validate = compiledSchema(check);
    if (validate(check.payload)) return [];
    const errors = (validate.errors ?? []).slice(0, MAX_ERRORS);
    return errors.map(({ instancePath, params, message }) => ({ instancePath, params, message }));
  } catch {
    return null;
  }
};

/** Why the schema cannot be used; null when it can. */
export const findSchemaProblem = (schema: DialectSchema): string | null => {
  try {
    compiledSchema(schema);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
};

/** Does nothing. The pool calls it first, so that the time limit of a check starts once the thread has loaded this file. */
export const ready = (): void => undefined;
