import {
  applyDecorators,
  Controller,
  createParamDecorator,
  SetMetadata,
  UsePipes,
  type ExecutionContext,
} from '@nestjs/common';
import type { Request } from 'express';
import type { Role } from '#contracts';
import type { AgentActor, UserActor } from './identity.js';
import { ApiBearerAuth, ApiCookieAuth, ApiTags } from './openapi.js';
import { agentBodyPipe, adminBodyPipe } from './validation.js';

export const ACCESS_METADATA = 'opstage:access';

/** Who may call a handler. A handler without one is refused. */
export type AccessRule = { readonly kind: 'public' } | UserAccessRule | { readonly kind: 'agent' };

export interface UserAccessRule {
  readonly kind: 'user';
  readonly role: Role;
  /** Whether it is also for those who must register a passkey before anything else. */
  readonly beforeEnrolment: boolean;
}

const access = (rule: AccessRule) => SetMetadata(ACCESS_METADATA, rule);

/** Signed-in users of at least this role, who have the passkey their role needs unless this is for getting one. */
export const Access = (role: Role, { beforeEnrolment = false } = {}) =>
  applyDecorators(access({ kind: 'user', role, beforeEnrolment }), ApiCookieAuth());

/** Agents with their own token, on a path whose `agentId`, if it has one, is their own. */
export const AgentAccess = () => applyDecorators(access({ kind: 'agent' }), ApiBearerAuth());

/** Anyone. */
export const Public = () => access({ kind: 'public' });

export const MAX_BODY_METADATA = 'opstage:max-body';

/** How large a body the handler takes, in place of what is usual for whoever calls it. */
export const MaxBodyBytes = (bytes: number) => SetMetadata(MAX_BODY_METADATA, bytes);

export const STRICT_BODIES_METADATA = 'opstage:strict-bodies';

/** Routes for users under `/api/admin`; unknown body and query fields are refused. */
export const AdminController = (path: string) =>
  applyDecorators(
    ApiTags(`admin: ${path}`),
    Controller(`api/admin/${path}`),
    UsePipes(adminBodyPipe),
    SetMetadata(STRICT_BODIES_METADATA, true),
  );

/** Routes for agents under `/api/agents`; unknown body and query fields are left out, so that newer SDKs keep working. */
export const AgentController = () =>
  applyDecorators(ApiTags('agent'), Controller('api/agents'), UsePipes(agentBodyPipe));

/** The signed-in user. Only on `@Access` handlers. */
export const CurrentUser = createParamDecorator((_: unknown, context: ExecutionContext): UserActor => {
  const { user } = context.switchToHttp().getRequest<Request & { user?: UserActor }>();
  if (user?.kind !== 'user') throw new Error('@CurrentUser needs @Access on its handler.');
  return user;
});

/** The agent that called. Only on `@AgentAccess` handlers. */
export const CurrentAgent = createParamDecorator((_: unknown, context: ExecutionContext): AgentActor => {
  const { user } = context.switchToHttp().getRequest<Request & { user?: AgentActor }>();
  if (user?.kind !== 'agent') throw new Error('@CurrentAgent needs @AgentAccess on its handler.');
  return user;
});
