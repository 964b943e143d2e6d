import { REDACTED, type Json, type JsonObject } from '#contracts';
import { isJsonObject, readJson } from '../json/json-text';

/** Proxies may refuse longer addresses. */
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

/** A payload as a query parameter of the page that runs an action; null when it is empty or too long. */
export const prefillParam = (payload: JsonObject | undefined): string | null => {
  const text = JSON.stringify(withoutSecrets(payload ?? {}));
  return text === '{}' || encodeURIComponent(text).length > MAX_LENGTH ? null : text;
};

/** The payload in a query parameter; empty when there is none. */
export const readPrefill = (param: string | undefined): JsonObject => {
  const reading = readJson(param ?? '');
  return 'value' in reading && isJsonObject(reading.value) ? reading.value : {};
};
