import type { Json, JsonObject } from '#contracts';
import { isJsonObject } from '../../../shared/json/json-text';

const PLACE = /^\$row\.(.+)$/;

const at = (row: JsonObject, path: string): Json | undefined =>
  path
    .split('.')
    .reduce<Json | undefined>(
      (value, key) =>
        typeof value === 'object' && value !== null && Object.hasOwn(value, key)
          ? (value as JsonObject)[key]
          : undefined,
      row,
    );

const fill = (value: Json, row: JsonObject): Json | undefined => {
  if (typeof value === 'string') {
    const path = PLACE.exec(value)?.[1];
    return path === undefined ? value : at(row, path);
  }
  if (Array.isArray(value)) return (value as readonly Json[]).map((item) => fill(item, row) ?? null);
  return isJsonObject(value) ? fillRow(value, row) : value;
};

/** The payload of a row's action: each `$row.path` becomes the row's value; missing values are left out. */
export const fillRow = (payload: JsonObject, row: JsonObject): JsonObject => {
  const filled = Object.entries(payload).map(([key, value]) => [key, fill(value, row)] as const);
  return Object.fromEntries(filled.filter((entry): entry is [string, Json] => entry[1] !== undefined));
};
