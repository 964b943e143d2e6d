import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import type { ClientInfo, UserActor } from '../../../common/actor.js';
import type { LiveSession } from './session.entity.js';

/** A signed-in user and their session. */
export interface SignedIn {
  readonly actor: UserActor;
  readonly live: LiveSession;
}

/** The user as an actor, coming from `origin`. */
export const toUserActor = ({ session, user }: LiveSession, origin: ClientInfo): UserActor => ({
  kind: 'user',
  id: user.id,
  username: user.username,
  role: user.role,
  sessionId: session.id,
  origin,
});

/** A request after the access guard has admitted a user. */
interface SignedInRequest extends Request {
  user: UserActor;
  liveSession: LiveSession;
}

/** The signed-in user and their session; only on `@Access` handlers. */
export const CurrentSession = createParamDecorator((_: unknown, context: ExecutionContext): SignedIn => {
  const { user, liveSession } = context.switchToHttp().getRequest<SignedInRequest>();
  return { actor: user, live: liveSession };
});
