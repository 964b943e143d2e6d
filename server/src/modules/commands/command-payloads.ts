import { Injectable } from '@nestjs/common';
import type { CommandId, JsonObject } from '#contracts';
import { canonicalJson } from '../../common/crypto/canonical-json.js';
import { SecretBox } from '../../common/crypto/secret-box.js';
import type { CommandEntity } from './command.entity.js';
import { redactPayload } from './payload-secrets.js';

type StoredPayload = Pick<CommandEntity, 'payload' | 'sealedPayload'>;

const contextOf = (id: CommandId): string => `payload ${id}`;

/** Keeps the secrets of a payload sealed while they rest in the database. */
@Injectable()
export class CommandPayloads {
  constructor(private readonly box: SecretBox) {}

  /** The columns of a payload: redacted, and sealed whole if that took something away. */
  store(id: CommandId, schema: JsonObject | null, payload: JsonObject): StoredPayload {
    const shown = redactPayload(schema, payload);
    const hasSecrets = canonicalJson(shown) !== canonicalJson(payload);
    const sealedPayload = hasSecrets ? this.box.seal(JSON.stringify(payload), contextOf(id)) : null;
    return { payload: shown, sealedPayload };
  }

  /** The payload in the clear, for the agent that claims the command; null when no secret opens it any more. */
  open({ id, payload, sealedPayload }: CommandEntity): JsonObject | null {
    if (sealedPayload === null) return payload;
    const text = this.box.open(sealedPayload, contextOf(id));
    return text === null ? null : (JSON.parse(text) as JsonObject);
  }
}
