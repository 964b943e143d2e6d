import type { User } from '#contracts';
import { toInstant, toInstantOrNull } from '../../common/time/clock.js';
import type { UserEntity } from './user.entity.js';

export const toUser = (user: UserEntity): User => ({
  id: user.id,
  username: user.username,
  displayName: user.displayName,
  role: user.role,
  status: user.status,
  passkeyCount: user.passkeyCount,
  createdAt: toInstant(user.createdAt),
  updatedAt: toInstant(user.updatedAt),
  lastLoginAt: toInstantOrNull(user.lastLoginAt),
});
