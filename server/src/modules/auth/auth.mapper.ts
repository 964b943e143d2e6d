import type { SessionInfo } from '#contracts';
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
