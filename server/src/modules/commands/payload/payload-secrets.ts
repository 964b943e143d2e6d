import { Injectable } from '@nestjs/common';
import { type CommandId, type Json, type JsonObject, REDACTED } from '#contracts';
import { canonicalJson } from '../../../common/crypto/hashes.js';
import { SecretBox } from '../../../common/crypto/secret-box.js';
import { isSecretKey, nameOfValue, redactText } from '../../../common/redaction.js';
import type { CommandEntity } from '../command.entity.js';
import { isJsonObject, ApplicableSchemas } from './applicable-schemas.js';
import { SecretValues } from './secret-values.js';

type StoredPayload = Pick<CommandEntity, 'payload' | 'sealedPayload'>;

/**
 * The payload as every user may see it: `[REDACTED]` for each value whose schema says `format: "password"` or
 * `writeOnly`, whose key sounds like a secret, or which looks like a credential.
 */
export const redactPayload = (schema: JsonObject | null, payload: JsonObject): JsonObject =>
  redactObject(ApplicableSchemas.of(schema ?? {}), payload);

const contextOf = (id: CommandId): string => `payload ${id}`;

/** Seals the secrets of payloads in the database. */
@Injectable()
export class PayloadSecrets {
  constructor(private readonly box: SecretBox) {}

  /** The columns of a payload: redacted, and sealed as a whole if something was redacted. */
  seal(id: CommandId, schema: JsonObject | null, payload: JsonObject): StoredPayload {
    const shown = redactPayload(schema, payload);
    const hasSecrets = canonicalJson(shown) !== canonicalJson(payload);
    const sealedPayload = hasSecrets ? this.box.seal(JSON.stringify(payload), contextOf(id)) : null;
    return { payload: shown, sealedPayload };
  }

  /**
   * The values that were sealed, to hide them in what the agent sends back. None for a payload without secrets, and for one that no
   * configured secret opens: its agent never got them.
   */
  valuesOf(command: CommandEntity): SecretValues {
    const clear = command.sealedPayload === null ? null : this.open(command);
    return clear ? SecretValues.of(command.payload, clear) : SecretValues.none;
  }

  /** The payload in the clear, for the agent that claims the command; null when no configured secret opens it. */
  open({ id, payload, sealedPayload }: CommandEntity): JsonObject | null {
    if (sealedPayload === null) return payload;
    const text = this.box.open(sealedPayload, contextOf(id));
    return text === null ? null : (JSON.parse(text) as JsonObject);
  }
}

const isSecretSchema = (schema: JsonObject): boolean => schema.format === 'password' || schema.writeOnly === true;

/** An empty value says that nothing is set, and a boolean is not a secret. */
const canHide = (value: Json): boolean => value !== null && value !== '' && typeof value !== 'boolean';

const redactObject = (schemas: ApplicableSchemas, value: JsonObject): JsonObject => {
  const valueName = nameOfValue(value);
  const isSecret = (key: string): boolean => isSecretKey(key) || (key === 'value' && isSecretKey(valueName));
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      redactText(key),
      isSecret(key) && canHide(item) ? REDACTED : redactValue(schemas.ofProperty(key), item),
    ]),
  );
};

const redactValue = (schemas: ApplicableSchemas, value: Json): Json => {
  if (schemas.some(isSecretSchema) && canHide(value)) return REDACTED;
  if (typeof value === 'string') return redactText(value);
  if (Array.isArray(value)) return value.map((item: Json, i) => redactValue(schemas.ofItem(i), item));
  return isJsonObject(value) ? redactObject(schemas, value) : value;
};
