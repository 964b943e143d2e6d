import type { Passkey } from '#contracts';
import { toInstant, toInstantOrNull } from '../../../common/time/clock.js';
import type { PasskeyEntity } from './passkey.entity.js';

export const toPasskey = (passkey: PasskeyEntity): Passkey => ({
  id: passkey.id,
  name: passkey.name,
  host: passkey.rpId,
  transports: passkey.transports,
  isBackedUp: passkey.isBackedUp,
  createdAt: toInstant(passkey.createdAt),
  lastUsedAt: toInstantOrNull(passkey.lastUsedAt),
});
