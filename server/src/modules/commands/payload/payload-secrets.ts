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
   * The values that were sealed, to hide them in what the agent sends back; none for a payload without secrets. Once they are erased, or
   * when no configured secret opens them, every text is hidden: any may repeat one.
   */
  valuesOf(command: CommandEntity): SecretValues {
    if (command.sealedPayload === null) {
      if (command.status === 'RUNNING') return SecretValues.none;
      return JSON.stringify(command.payload).includes(REDACTED) ? SecretValues.everything() : SecretValues.none;
    }
    const clear = this.open(command);
    return clear ? SecretValues.of(command.payload, clear) : SecretValues.everything();
  }

  /** A hash that recognizes the same result again, and from which a short secret in it cannot be guessed. */
  sealHash(hash: string): string {
    return this.box.sign(hash);
  }

  /** Whether `stored` is this hash, sealed or not. */
  isSameHash(hash: string, stored: string): boolean {
    return hash === stored || this.box.verify(hash, stored);
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
