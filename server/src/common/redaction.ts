import { type Json, type JsonObject, REDACTED } from '#contracts';
import { memoize } from './memory/cache.js';

/** A key with these words side by side names a secret (`apiKey`, `db-password`, `X_AUTH_TOKEN`). */
const SECRET_WORDS: readonly (readonly string[])[] = [
  ['password'],
  ['passwd'],
  ['pwd'],
  ['passphrase'],
  ['secret'],
  ['secrets'],
  ['token'],
  ['tokens'],
  ['cookie'],
  ['cookies'],
  ['authorization'],
  ['credential'],
  ['credentials'],
  ['bearer'],
  ['api', 'key'],
  ['apikey'],
  ['access', 'key'],
  ['private', 'key'],
  ['secret', 'key'],
  ['signing', 'key'],
  ['encryption', 'key'],
  ['generated', 'key'],
  ['client', 'secret'],
];

/** With one of these words after the secret one, the key is *about* a secret: `tokenCount`, `passwordUpdatedAt`. */
const ABOUT_WORDS = new Set(
  'count counts length size limit max min total id ids name names type types status state at on date time ttl age expires expired expiry expiration updated created rotated changed present configured enabled disabled required valid set policy usage used ref hint prefix seconds ms url uri endpoint'.split(
    ' ',
  ),
);

const SECRET_SHAPES: readonly RegExp[] = [
  /opstage_(?:reg|agent)_[A-Za-z0-9_-]{8,}/g,
  /\bBearer\s+[A-Za-z0-9._~+/=-]{8,}/gi,
  // Base64 rather than a word, so that "Basic inventory" stays.
  /\bBasic\s+(?=[A-Za-z]*(?:[0-9+/]|[a-z][A-Z]))[A-Za-z0-9+/]{8,}={0,2}/g,
  /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY-----|$)/g,
];

/** Longer keys are rare and would fill the cache. */
const MAX_CACHED_KEY = 64;

/** JSON Schema keywords that suggest a value. `const` and `enum` stay: payloads are validated against them. */
const VALUE_KEYWORDS = new Set(['default', 'examples']);

/** Keywords whose value maps names to schemas: a `default` in there is a property of that name. */
const NAME_MAPS = new Set(['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas']);

/** Keys of reports whose value is a JSON Schema. */
const SCHEMA_KEYS = new Set(['inputSchema', 'outputSchema', 'configSchema']);

/** A number under such a key is a count: `revokedTokens: 2`. */
const COUNTED = /(?:tokens|secrets|cookies)$/i;

const wordsOf = (key: string): string[] =>
  key
    .slice(0, 200)
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');

const looksLikeSecretKey = (key: string): boolean => {
  const words = wordsOf(key);
  return SECRET_WORDS.some((secret) =>
    words.some((_, start) => {
      const end = start + secret.length;
      const next = words[end];
      return secret.every((word, i) => words[start + i] === word) && (next === undefined || !ABOUT_WORDS.has(next));
    }),
  );
};

// The same few keys recur in every report, result and audit event.
const cachedLooksLikeSecret = memoize(looksLikeSecretKey, 2_000);

/** Whether a key names a secret. Whole words count: `password` does, `tokenCount` and `passwordless` do not. */
export const isSecretKey = (key: string): boolean =>
  key.length <= MAX_CACHED_KEY ? cachedLooksLikeSecret(key) : looksLikeSecretKey(key);

/** Returns the text with everything in the shape of a credential replaced. */
export const redactText = (text: string): string =>
  SECRET_SHAPES.reduce((redacted, shape) => redacted.replace(shape, REDACTED), text);

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

const redactNode = (value: unknown): Json => {
  if (typeof value === 'string') return redactText(value);
  if (Array.isArray(value)) return value.map(redactNode);
  if (isObject(value)) return redactObject(value);
  return value === undefined ? null : (value as Json);
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

const isSafeValue = (key: string, value: unknown): boolean =>
  value === null || value === '' || typeof value === 'boolean' || (typeof value === 'number' && COUNTED.test(key));

/**
 * Returns a copy with the value of every secret-named key, and every secret-shaped part of a text, replaced by `[REDACTED]`.
 * Empty values stay, so that "not set" still differs from "set".
 */
export const redactObject = (value: object): JsonObject => {
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return Object.fromEntries(
    entries.map(([key, item]: [string, unknown]) => {
      if (SCHEMA_KEYS.has(key) && isObject(item)) return [key, redactSchema(item)];
      return [redactText(key), isSecretKey(key) && !isSafeValue(key, item) ? REDACTED : redactNode(item)];
    }),
  );
};

/** {@link redactObject} for any JSON value. */
export const redactJson = (value: unknown): Json => redactNode(value);
