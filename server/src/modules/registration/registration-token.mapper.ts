import type { RegistrationToken } from '#contracts';
import { toInstant, toInstantOrNull } from '../../common/time/clock.js';
import { effectiveStatus, type RegistrationTokenEntity } from './registration-token.entity.js';

export const toRegistrationToken = (token: RegistrationTokenEntity, now: Date): RegistrationToken => ({
  id: token.id,
  name: token.name,
  tokenPrefix: token.tokenPrefix,
  status: effectiveStatus(token, now),
  agentCode: token.agentCode,
  allowedCidrs: token.allowedCidrs,
  createdByUserId: token.createdByUserId,
  createdAt: toInstant(token.createdAt),
  expiresAt: toInstantOrNull(token.expiresAt),
  usedAt: toInstantOrNull(token.usedAt),
  usedByAgentId: token.usedByAgentId,
  revokedAt: toInstantOrNull(token.revokedAt),
});
