import type { SessionId, SessionInfo, SessionSummary } from '#contracts';
import { toInstant } from '../../common/time/clock.js';
import type { UserEntity } from '../users/user.entity.js';
import type { SessionEntity } from './session.entity.js';

export const toSessionInfo = (user: UserEntity, session: SessionEntity, csrfToken: string): SessionInfo => ({
  user: {
    id: user.id,
    username: user.username,
    displayName: user.displayName,
    role: user.role,
    status: user.status,
  },
  csrfToken,
  expiresAt: toInstant(session.expiresAt),
});

export const toSessionSummary = (session: SessionEntity, own: SessionId): SessionSummary => ({
  id: session.id,
  current: session.id === own,
  ipAddress: session.ipAddress,
  userAgent: session.userAgent,
  createdAt: toInstant(session.createdAt),
  lastSeenAt: toInstant(session.lastSeenAt),
  expiresAt: toInstant(session.expiresAt),
});
