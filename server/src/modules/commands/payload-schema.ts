import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { JsonObject, ValidationIssue } from '#contracts';

const MAX_ISSUES = 50;

const OPTIONS = { strict: false, allErrors: true, logger: false, addUsedSchema: false, ownProperties: true } as const;

const isDraft2020 = (schema: JsonObject): boolean =>
  typeof schema.$schema === 'string' && schema.$schema.includes('2020-12');

const compile = (schema: JsonObject): ValidateFunction => {
  // The dialect is chosen here; a `$schema` that names another address would only fail to resolve.
  const { $schema, ...rest } = schema;
  const ajv = isDraft2020(schema) ? new Ajv2020(OPTIONS) : new Ajv(OPTIONS);
  addFormats.default(ajv);
  return ajv.compile(rest);
};

const toIssue = (error: ErrorObject): ValidationIssue => {
  const missing: unknown = (error.params as { missingProperty?: unknown }).missingProperty;
  const extra: unknown = (error.params as { additionalProperty?: unknown }).additionalProperty;
  const parts = error.instancePath.split('/').slice(1);
  const named = [missing, extra].filter((name): name is string => typeof name === 'string');
  const path = [...parts, ...named].map((part) => part.replace(/~1/g, '/').replace(/~0/g, '~')).join('.');
  return { path, message: error.message ?? 'is not valid' };
};

/**
 * What in the payload breaks the schema (JSON Schema draft-07, or 2020-12 where it says so); empty when nothing does. A
 * schema that cannot be used lets nothing through.
 */
export const payloadIssues = (schema: JsonObject | null, payload: JsonObject): readonly ValidationIssue[] => {
  if (!schema) return [];
  let validate: ValidateFunction;
  try {
    validate = compile(schema);
  } catch {
    // Whatever is wrong with it, the schema is the agent's: its own words are not ours to repeat.
    return [{ path: '', message: 'the input schema that the service declared cannot be used' }];
  }
  if (validate(payload)) return [];
  return (validate.errors ?? []).slice(0, MAX_ISSUES).map(toIssue);
};
