import { REDACTED, type Json, type JsonObject } from '#contracts';
import { isSecretKey, redactText } from '../../common/redaction/redact.js';
import { isJsonObject, PayloadSchemas } from './payload-schemas.js';

const isSecretSchema = (schema: JsonObject): boolean => schema.format === 'password' || schema.writeOnly === true;

/** Empty values say that nothing is set, and a flag is no secret. */
const canHide = (value: Json): boolean => value !== null && value !== '' && typeof value !== 'boolean';

const redactObject = (schemas: PayloadSchemas, value: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      redactText(key),
      isSecretKey(key) && canHide(item) ? REDACTED : redactValue(schemas.ofProperty(key), item),
    ]),
  );

const redactValue = (schemas: PayloadSchemas, value: Json): Json => {
  if (schemas.some(isSecretSchema) && canHide(value)) return REDACTED;
  if (typeof value === 'string') return redactText(value);
  if (Array.isArray(value)) return value.map((item: Json, i) => redactValue(schemas.ofItem(i), item));
  return isJsonObject(value) ? redactObject(schemas, value) : value;
};

/**
 * The payload as everybody may see it: `[REDACTED]` for each value whose schema says `format: "password"` or
 * `writeOnly`, whose key reads as a secret, or which has the shape of a credential.
 */
export const redactPayload = (schema: JsonObject | null, payload: JsonObject): JsonObject =>
  redactObject(PayloadSchemas.of(schema ?? {}), payload);
