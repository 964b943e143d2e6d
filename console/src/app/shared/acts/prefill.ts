import { REDACTED, type Json, type JsonObject } from '#contracts';
import { isJsonObject, readJson } from '../json/json-text';

/** Longer than this, encoded, an address may not get through a proxy. */
const MAX_LENGTH = 4_000;

const withoutSecrets = (value: Json): Json | undefined => {
  if (value === REDACTED) return undefined;
  if (Array.isArray(value)) {
    return (value as readonly Json[]).map(withoutSecrets).filter((item): item is Json => item !== undefined);
  }
  if (!isJsonObject(value)) return value;
  const kept = Object.entries(value).map(([key, item]) => [key, withoutSecrets(item)] as const);
  return Object.fromEntries(kept.filter((entry): entry is [string, Json] => entry[1] !== undefined));
};

/** A payload as the address of the page that runs an action carries it; null when there is none, or it is too long. */
export const prefillParam = (payload: JsonObject | undefined): string | null => {
  const text = JSON.stringify(withoutSecrets(payload ?? {}));
  return text === '{}' || encodeURIComponent(text).length > MAX_LENGTH ? null : text;
};

/** The payload that an address carries; nothing when it carries none. */
export const readPrefill = (param: string | undefined): JsonObject => {
  const reading = readJson(param ?? '');
  return 'value' in reading && isJsonObject(reading.value) ? reading.value : {};
};
