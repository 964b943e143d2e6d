import { type Json, type JsonObject, REDACTED } from '#contracts';
import { KeyBlock } from './secrets/key-block.js';
import { COUNTED, isSecretKey, redactText } from './secrets/secret-text.js';

export { isSecretKey, redactText };

/** JSON Schema keywords that suggest a value. `const` and `enum` stay: payloads are validated against them. */
const VALUE_KEYWORDS = new Set(['default', 'examples']);

/** Keywords whose value maps names to schemas: a `default` in there is a property of that name. */
const NAME_MAPS = new Set(['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas']);

/** Keys of reports whose value is a JSON Schema. */
const SCHEMA_KEYS = new Set(['inputSchema', 'outputSchema', 'configSchema']);

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

const redactNode = (value: unknown): Json => {
  if (typeof value === 'string') return redactText(value);
  if (Array.isArray(value)) return redactList(value);
  if (isObject(value)) return redactObject(value);
  return value === undefined ? null : (value as Json);
};

/** The lines of a private key may be the items of a list. */
const redactList = (list: readonly unknown[]): Json => {
  if (!list.some((item) => typeof item === 'string' && item.includes('PRIVATE KEY'))) return list.map(redactNode);
  const block = new KeyBlock();
  return list.map((item) => redactNode(typeof item === 'string' ? block.redact(item) : item));
};

const redactSchemaNode = (value: unknown, isSecret: boolean, areNames = false): Json => {
  if (Array.isArray(value)) return value.map((item) => redactSchemaNode(item, isSecret));
  if (!isObject(value)) return redactNode(value);
  return Object.fromEntries(
    Object.entries(value).map(([key, item]: [string, unknown]) => {
      if (!areNames && VALUE_KEYWORDS.has(key)) return [key, isSecret ? REDACTED : redactNode(item)];
      const isOfSecret = isSecret || (isObject(item) && isSecretKey(key));
      return [redactText(key), redactSchemaNode(item, isOfSecret, !areNames && NAME_MAPS.has(key))];
    }),
  );
};

/**
 * {@link redactObject} for a JSON Schema: a property *named* `password` describes a secret and stays; its default and example
 * values are replaced, and so are secrets in any other value.
 */
export const redactSchema = (schema: object): JsonObject => redactSchemaNode(schema, false) as JsonObject;

/** A PIN has four digits; smaller numbers count connectors or passed tests. */
const MIN_PIN = 1_000;

const isCount = (key: string, value: number): boolean =>
  COUNTED.test(key) || (value < MIN_PIN && /(?:^|[^a-z])(?:pins?|pass)$/i.test(key));

/** Whether the value tells nothing even under the name of a secret: it says that none is set, answers yes or no, or is a count. */
const isSafeValue = (key: string, value: unknown): boolean =>
  value === null || value === '' || typeof value === 'boolean' || (typeof value === 'number' && isCount(key, value));

/** Lists of headers and variables name each value in a field of its own: `{ name: 'DB_PASSWORD', value: … }`. */
const NAMING_KEYS = ['name', 'key', 'header', 'variable', 'field'] as const;

/** The name that another field of this object gives to its `value`; empty when there is none. */
export const nameOfValue = (object: Readonly<Record<string, unknown>>): string => {
  if (!Object.hasOwn(object, 'value')) return '';
  const name = NAMING_KEYS.map((key) => object[key]).find((one) => typeof one === 'string');
  return typeof name === 'string' ? name : '';
};

/** Whether an entry of an object is a secret by its own name, or by the name that the object gives to its `value`. */
export const isSecretEntry = (key: string, value: unknown, valueName: string): boolean =>
  (isSecretKey(key) && !isSafeValue(key, value)) ||
  (key === 'value' && valueName !== '' && isSecretKey(valueName) && !isSafeValue(valueName, value));

/**
 * Returns a copy with the value of every secret-named key, and every secret-shaped part of a text, replaced by `[REDACTED]`.
 * Empty values stay, so that "not set" still differs from "set".
 */
export const redactObject = (value: object): JsonObject => {
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  const valueName = nameOfValue(value as Readonly<Record<string, unknown>>);
  return Object.fromEntries(
    entries.map(([key, item]: [string, unknown]) => {
      if (SCHEMA_KEYS.has(key) && isObject(item)) return [key, redactSchema(item)];
      return [redactText(key), isSecretEntry(key, item, valueName) ? REDACTED : redactNode(item)];
    }),
  );
};

/** {@link redactObject} for any JSON value. */
export const redactJson = (value: unknown): Json => redactNode(value);
