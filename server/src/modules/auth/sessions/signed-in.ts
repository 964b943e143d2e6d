import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import type { ClientInfo, UserActor } from '../../../common/actor.js';
import type { LiveSession } from './sessions.repository.js';

/** A signed-in user with the session behind it. */
export interface SignedIn {
  readonly actor: UserActor;
  readonly live: LiveSession;
}

export const toUserActor = ({ session, user }: LiveSession, origin: ClientInfo): UserActor => ({
  kind: 'user',
  id: user.id,
  username: user.username,
  role: user.role,
  sessionId: session.id,
  origin,
});

/** What the guard leaves on a user's request. */
export interface SignedInRequest extends Request {
  user: UserActor;
  liveSession: LiveSession;
}

/** The signed-in user with their session. Only on `@Access` handlers. */
export const CurrentSession = createParamDecorator((_: unknown, context: ExecutionContext): SignedIn => {
  const { user, liveSession } = context.switchToHttp().getRequest<SignedInRequest>();
  return { actor: user, live: liveSession };
});
