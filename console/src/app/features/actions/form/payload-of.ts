import type { Json, JsonObject } from '#contracts';
import { isJsonObject } from '../../../shared/json/json-text';

const isEmpty = (value: Json): boolean =>
  Array.isArray(value) ? value.length === 0 : isJsonObject(value) && Object.keys(value).length === 0;

const partOf = (schema: Json | undefined, key: string): JsonObject => {
  const properties = isJsonObject(schema) ? schema.properties : undefined;
  const part = isJsonObject(properties) && Object.hasOwn(properties, key) ? properties[key] : undefined;
  return isJsonObject(part) ? part : {};
};

const clean = (value: unknown, schema: JsonObject, initial: Json | undefined): Json | undefined => {
  if (Array.isArray(value)) {
    const items = isJsonObject(schema.items) ? schema.items : {};
    return value.map((item) => clean(item, items, undefined) ?? null);
  }
  if (isJsonObject(value)) return payloadOf(value, schema, isJsonObject(initial) ? initial : {});
  return value as Json | undefined;
};

/**
 * The payload of a form's model, without empty values. An empty optional list or object is left
 * out too, unless it was there initially.
 */
export const payloadOf = (model: object, schema: JsonObject, initial: JsonObject): JsonObject => {
  const kept = Object.entries(model).flatMap(([key, value]) => {
    const part = partOf(schema, key);
    const cleaned = clean(value, part, initial[key]);
    if (cleaned === undefined) return [];
    const isLeftOut = part['x-optional'] === true && isEmpty(cleaned) && !Object.hasOwn(initial, key);
    return isLeftOut ? [] : [[key, cleaned] as const];
  });
  return Object.fromEntries(kept);
};
