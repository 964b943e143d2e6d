import type { SessionInfo } from '#contracts';
import { toInstant } from '../../common/time/clock.js';
import type { UserEntity } from '../users/user.entity.js';
import type { SessionEntity } from './session.entity.js';

interface SessionState {
  readonly csrfToken: string;
  readonly isPasskeyMissing: boolean;
}

export const toSessionInfo = (
  user: UserEntity,
  session: SessionEntity,
  { csrfToken, isPasskeyMissing }: SessionState,
): SessionInfo => ({
  user: {
    id: user.id,
    username: user.username,
    displayName: user.displayName,
    role: user.role,
    status: user.status,
  },
  csrfToken,
  expiresAt: toInstant(session.expiresAt),
  ...(isPasskeyMissing && { passkeyEnrolmentRequired: true }),
});
