import type { Json } from '#contracts';
import { isJsonObject } from '../../../common/json.js';

const TYPES: readonly Json[] = ['string', 'number', 'integer', 'boolean', 'object', 'array', 'null'];

const isText = (value: Json): boolean => typeof value === 'string';
const isFlag = (value: Json): boolean => typeof value === 'boolean';
const isNumber = (value: Json): boolean => typeof value === 'number';
const isSize = (value: Json): boolean => Number.isInteger(value) && (value as number) >= 0;
const isAnything = (): boolean => true;
const isList = (value: Json): value is readonly Json[] => Array.isArray(value);
const isType = (value: Json): boolean => TYPES.includes(value);
const isSet = (values: readonly Json[]): boolean => values.length > 0 && new Set(values).size === values.length;
const isSchema = (value: Json): boolean => isFlag(value) || isPlainSchema(value);

/** The values a keyword may have. */
const KEYWORDS: Readonly<Record<string, (value: Json) => boolean>> = {
  type: (value) => (isList(value) ? isSet(value) && value.every(isType) : isType(value)),
  properties: (value) => isJsonObject(value) && Object.values(value).every(isSchema),
  additionalProperties: isSchema,
  items: isSchema,
  required: (value) => isList(value) && isSet(value) && value.every(isText),
  enum: (value) => isList(value) && value.length > 0,
  const: isAnything,
  default: isAnything,
  ...Object.fromEntries(['title', 'description', '$comment', 'format', 'placeholder'].map((key) => [key, isText])),
  ...Object.fromEntries(['readOnly', 'writeOnly', 'uniqueItems'].map((key) => [key, isFlag])),
  ...Object.fromEntries(
    ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'].map((key) => [key, isNumber] as const),
  ),
  ...Object.fromEntries(
    ['minLength', 'maxLength', 'minItems', 'maxItems', 'minProperties', 'maxProperties'].map((key) => [key, isSize]),
  ),
  multipleOf: (value) => typeof value === 'number' && value > 0,
  examples: isList,
  enumLabels: isAnything,
};

/**
 * Whether a schema, in the spelling of its dialect, has nothing but the everyday keywords, with values that every dialect allows.
 * It can then be used, which otherwise only compiling it shows.
 */
export const isPlainSchema = (schema: Json): boolean =>
  isJsonObject(schema) &&
  Object.entries(schema).every(([keyword, value]) =>
    Object.hasOwn(KEYWORDS, keyword) ? KEYWORDS[keyword]?.(value) : keyword.startsWith('x-'),
  );
