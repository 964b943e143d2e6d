import { REDACTED, type Json, type JsonObject } from '#contracts';
import { isSecretKey, redactText } from '../../common/redaction/redact.js';

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isSecretSchema = (schema: JsonObject): boolean => schema.format === 'password' || schema.writeOnly === true;

const MAX_REFS = 20;

/** Follows a local `$ref` (RFC 6901 fragment); anything else leads nowhere. */
const resolveLocal = (root: JsonObject, schema: JsonObject): JsonObject => {
  let current = schema;
  for (let hops = 0; typeof current.$ref === 'string' && hops < MAX_REFS; hops += 1) {
    if (!current.$ref.startsWith('#')) break;
    const parts = current.$ref.slice(1).split('/').slice(1);
    const target = parts
      .map((part) => decodeURIComponent(part).replace(/~1/g, '/').replace(/~0/g, '~'))
      .reduce<Json>((node, key) => (isObject(node) && Object.hasOwn(node, key) ? (node[key] ?? null) : null), root);
    if (!isObject(target)) break;
    current = target;
  }
  return current;
};

/** The schema with every alternative it names: a value that is secret in one of them is secret. */
const alternatives = (root: JsonObject, schema: Json | undefined, depth = 0): JsonObject[] => {
  if (!isObject(schema) || depth > MAX_REFS) return [];
  const resolved = resolveLocal(root, schema);
  const nested = ['allOf', 'anyOf', 'oneOf', 'if', 'then', 'else'].flatMap((keyword) =>
    [resolved[keyword] ?? []].flat(),
  );
  return [resolved, ...nested.flatMap((one) => alternatives(root, one, depth + 1))];
};

const childSchemas = (root: JsonObject, schemas: readonly JsonObject[], key: string): JsonObject[] =>
  schemas.flatMap((schema) => {
    const { properties, additionalProperties } = schema;
    const own = isObject(properties) && Object.hasOwn(properties, key) ? properties[key] : additionalProperties;
    return alternatives(root, own);
  });

const itemSchemas = (root: JsonObject, schemas: readonly JsonObject[], index: number): JsonObject[] =>
  schemas.flatMap(({ items, prefixItems }) => {
    const tuple = Array.isArray(prefixItems) ? prefixItems : Array.isArray(items) ? items : [];
    const one = (tuple as readonly Json[])[index] ?? (Array.isArray(items) ? undefined : items);
    return alternatives(root, one);
  });

const redactBySchema = (root: JsonObject, schemas: readonly JsonObject[], value: Json, isSecret: boolean): Json => {
  const empty = value === null || value === '' || typeof value === 'boolean';
  if ((isSecret || schemas.some(isSecretSchema)) && !empty) return REDACTED;
  if (typeof value === 'string') return redactText(value);
  if (Array.isArray(value)) {
    return (value as readonly Json[]).map((item, i) =>
      redactBySchema(root, itemSchemas(root, schemas, i), item, false),
    );
  }
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      redactBySchema(root, childSchemas(root, schemas, key), item, isSecretKey(key)),
    ]),
  );
};

/**
 * The payload as everybody may see it: `[REDACTED]` for each value whose schema says `format: "password"` or
 * `writeOnly`, whose key reads as a secret, or which has the shape of a credential.
 */
export const redactPayload = (schema: JsonObject | null, payload: JsonObject): JsonObject => {
  const root = schema ?? {};
  return redactBySchema(root, alternatives(root, root), payload, false) as JsonObject;
};
