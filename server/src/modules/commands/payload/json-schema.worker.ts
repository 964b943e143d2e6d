import { Ajv, type ErrorObject, type Options, type ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { JsonObject } from '#contracts';

const OPTIONS: Options = {
  strict: false,
  allErrors: true,
  logger: false,
  ownProperties: true,
  // A schema that refers to a part of itself many times must not grow with each time.
  inlineRefs: false,
  // Checked beforehand, by an instance that is made once.
  meta: false,
  validateSchema: false,
};

/** One of the dialects of JSON Schema. */
class Dialect {
  readonly Validator: typeof Ajv | typeof Ajv2020;
  #meta: Ajv | null = null;

  constructor(validator: typeof Ajv | typeof Ajv2020) {
    this.Validator = validator;
  }

  /** Whether the schema keeps its dialect's own rules. They take a tenth of a start to compile, and are when first needed. */
  isKeptBy(schema: JsonObject): boolean {
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
  if (!dialect.isKeptBy(rest)) throw new Error('The schema breaks its own rules.');
  // An instance of its own: schemas must not see each other's ids.
  const ajv = new dialect.Validator(OPTIONS);
  addFormats.default(ajv);
  const validate = ajv.compile(rest);
  // It would answer with a promise, which is neither yes nor no.
  if ('$async' in validate) throw new Error('The schema is asynchronous.');
  return validate;
};

const MAX_KEPT = 100;
const MAX_KEPT_LENGTH = 20_000;
const kept = new Map<string, ValidateFunction>();

/** The validator of a schema: JSON Schema draft-07, or 2020-12 where it says so. Those used last are kept. */
const compiledSchema = (schema: JsonObject): ValidateFunction => {
  const text = JSON.stringify(schema);
  const validate = kept.get(text) ?? compile(schema);
  kept.delete(text);
  if (text.length <= MAX_KEPT_LENGTH) kept.set(text, validate);
  const oldest = kept.keys().next().value;
  if (kept.size > MAX_KEPT && oldest !== undefined) kept.delete(oldest);
  return validate;
};

const MAX_FAULTS = 50;

export interface SchemaCheck {
  readonly schema: JsonObject;
  readonly payload: JsonObject;
}

/** What Ajv says of a place in a payload. */
export type SchemaFault = Pick<ErrorObject, 'instancePath' | 'params' | 'message'>;

/** What in the payload breaks the schema, 50 faults at most; null for a schema that cannot be used. */
export const validatePayload = ({ schema, payload }: SchemaCheck): readonly SchemaFault[] | null => {
  try {
    const validate = compiledSchema(schema);
    if (validate(payload)) return [];
    const faults = (validate.errors ?? []).slice(0, MAX_FAULTS);
    return faults.map(({ instancePath, params, message }) => ({ instancePath, params, message }));
  } catch {
    // Whatever is wrong with it, the schema is the agent's: its own words are not ours to repeat.
    return null;
  }
};

/** Does nothing: the time limit of a check begins once the thread has loaded this file. */
export const ready = (): void => undefined;
