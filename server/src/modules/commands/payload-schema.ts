import type { ErrorObject } from 'ajv';
import type { JsonObject, ValidationIssue } from '#contracts';
import { runWithin } from '../../common/time/run-within.js';
import { compiledSchema } from './compiled-schema.js';
import { unescapePointer } from './json-pointer.js';

const MAX_ISSUES = 50;

/** Far more than an honest schema takes, on a busy machine too; all the time a hostile one gets. */
const TIME_LIMIT_MS = 1_000;

/** Where an error names a property beneath the value it is about. */
const PROPERTY_PARAMS = ['missingProperty', 'additionalProperty', 'unevaluatedProperty'] as const;

const toIssue = ({ instancePath, params, message }: ErrorObject): ValidationIssue => {
  const named = PROPERTY_PARAMS.map((param): unknown => params[param]).filter((name) => typeof name === 'string');
  const parts = instancePath.split('/').slice(1).map(unescapePointer);
  return { path: [...parts, ...named].join('.'), message: message ?? 'is not valid' };
};

const issuesOf = (schema: JsonObject, payload: JsonObject): readonly ValidationIssue[] => {
  const validate = compiledSchema(schema);
  return validate(payload) ? [] : (validate.errors ?? []).slice(0, MAX_ISSUES).map(toIssue);
};

/** What can make a check take longer than its size says: patterns, schemas that apply themselves, comparing all with all. */
const WILD = /"(?:pattern|patternProperties|uniqueItems|\$ref|\$dynamicRef|\$recursiveRef|\$id|\$async)":/;
const MAX_TAME_LENGTH = 8_000;

/** Whether the check is done at once whatever they say, so that no time limit, which costs more than it, is needed. */
const isTame = (schema: JsonObject, payload: JsonObject): boolean => {
  const text = JSON.stringify(schema);
  return text.length + JSON.stringify(payload).length <= MAX_TAME_LENGTH && !WILD.test(text);
};

/** What in the payload breaks the schema; empty when nothing does. A schema that cannot be used lets nothing through. */
export const payloadIssues = (schema: JsonObject | null, payload: JsonObject): readonly ValidationIssue[] => {
  if (!schema) return [];
  try {
    return isTame(schema, payload)
      ? issuesOf(schema, payload)
      : runWithin(TIME_LIMIT_MS, () => issuesOf(schema, payload));
  } catch {
    // Whatever is wrong with it, the schema is the agent's: its own words are not ours to repeat.
    return [{ path: '', message: 'the input schema that the service declared cannot be used' }];
  }
};
