import type { JsonObject, ValidationIssue } from '#contracts';
import type { SchemaFault } from './compiled-schema.js';
import { unescapePointer } from './json-pointer.js';

/** Where an error names a property beneath the value it is about. */
const PROPERTY_PARAMS = ['missingProperty', 'additionalProperty', 'unevaluatedProperty'] as const;

const toIssue = ({ instancePath, params, message }: SchemaFault): ValidationIssue => {
  const named = PROPERTY_PARAMS.map((param): unknown => params[param]).filter((name) => typeof name === 'string');
  const parts = instancePath.split('/').slice(1).map(unescapePointer);
  return { path: [...parts, ...named].join('.'), message: message ?? 'is not valid' };
};

const UNUSABLE = [{ path: '', message: 'the input schema that the service declared cannot be used' }];

/** What to tell of a payload's faults. A schema that cannot be used lets nothing through. */
export const toIssues = (faults: readonly SchemaFault[] | null): readonly ValidationIssue[] =>
  faults?.map(toIssue) ?? UNUSABLE;

/** What can make a check take longer than its size says: patterns, schemas that apply themselves, comparing all with all. */
const WILD = /"(?:pattern|patternProperties|format|uniqueItems|\$ref|\$dynamicRef|\$recursiveRef|\$id|\$async)":/g;
/** What an honest form is full of, and is decided at a glance. */
const TAME_FORMAT = /^"format":"(?:password|textarea|date|date-time|time|int32|int64)"/;
const MAX_TAME_LENGTH = 8_000;

const isWild = (text: string): boolean =>
  [...text.matchAll(WILD)].some(({ index }) => !TAME_FORMAT.test(text.slice(index, index + 40)));

/** Whether the check is done at once whatever they say, so that no thread, which costs more than it, is needed. */
export const isTame = (schema: JsonObject, payload: JsonObject): boolean => {
  const text = JSON.stringify(schema);
  return text.length + JSON.stringify(payload).length <= MAX_TAME_LENGTH && !isWild(text);
};
