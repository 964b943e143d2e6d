import { Ajv, type ErrorObject, type Options, type ValidateFunction } from 'ajv';
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
const kept = new Map<string, ValidateFunction>();

const MAX_ERRORS = 50;

/** A payload, and the schema it should match. */
export interface SchemaCheck {
  readonly schema: JsonObject;
  readonly payload: JsonObject;
}

/** What Ajv reports about one place in a payload. */
export type SchemaError = Pick<ErrorObject, 'instancePath' | 'params' | 'message'>;

/** A dialect of JSON Schema. */
class Dialect {
  readonly Validator: typeof Ajv | typeof Ajv2020;
  #meta: Ajv | null = null;

  constructor(validator: typeof Ajv | typeof Ajv2020) {
    this.Validator = validator;
  }

  /** Whether the schema obeys its dialect's rules. They are compiled when first needed: it takes a tenth of a start. */
  allows(schema: JsonObject): boolean {
    this.#meta ??= new this.Validator({ strict: false, logger: false });
    return this.#meta.validateSchema(schema) === true;
  }
}

const DRAFT_07 = new Dialect(Ajv);
const DRAFT_2020 = new Dialect(Ajv2020);

const dialectOf = ({ $schema }: JsonObject): Dialect =>
  typeof $schema === 'string' && $schema.includes('2020-12') ? DRAFT_2020 : DRAFT_07;

const compile = (schema: JsonObject): ValidateFunction => {
  const dialect = dialectOf(schema);
  // The dialect is chosen here; a `$schema` that names another address would only fail to resolve.
  const { $schema, ...rest } = schema;
  if (!dialect.allows(rest)) throw new Error('The schema breaks the rules of its dialect.');
  // One instance per schema: schemas must not see each other's ids.
  const ajv = new dialect.Validator(OPTIONS);
  addFormats.default(ajv);
  const validate = ajv.compile(rest);
  // It would return a promise instead of a boolean.
  if ('$async' in validate) throw new Error('The schema is asynchronous.');
  return validate;
};

/** The validator of a schema: JSON Schema draft-07, or 2020-12 if the schema says so. The last 100 used are kept. */
const compiledSchema = (schema: JsonObject): ValidateFunction => {
  const text = JSON.stringify(schema);
  const validate = kept.get(text) ?? compile(schema);
  kept.delete(text);
  if (text.length <= MAX_KEPT_LENGTH) kept.set(text, validate);
  const oldest = kept.keys().next().value;
  if (kept.size > MAX_KEPT && oldest !== undefined) kept.delete(oldest);
  return validate;
};

/** Where the payload does not match the schema, at most 50 errors; null for a schema that cannot be used. */
export const validatePayload = ({ schema, payload }: SchemaCheck): readonly SchemaError[] | null => {
  try {
    const validate = compiledSchema(schema);
    if (validate(payload)) return [];
    const errors = (validate.errors ?? []).slice(0, MAX_ERRORS);
    return errors.map(({ instancePath, params, message }) => ({ instancePath, params, message }));
  } catch {
    // The message may quote the schema, which is the agent's; it is not passed on.
    return null;
  }
};

/** Does nothing. The pool calls it first, so that the time limit of a check starts once the thread has loaded this file. */
export const ready = (): void => undefined;
