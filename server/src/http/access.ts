import { isIP } from 'node:net';
import {
  applyDecorators,
  Controller,
  createParamDecorator,
  type ExecutionContext,
  SetMetadata,
  UsePipes,
} from '@nestjs/common';
import type { Request } from 'express';
import type { Role } from '#contracts';
import type { AgentActor, ClientInfo, UserActor } from '../common/actor.js';
import { strictValidation, lenientValidation } from './validation/validation.pipe.js';

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
export const Access = (role: Role, { beforeEnrolment = false } = {}) => access({ kind: 'user', role, beforeEnrolment });

/** Agents with their own token, on a path whose `agentId`, if it has one, is their own. */
export const AgentAccess = () => access({ kind: 'agent' });

/** Anyone. */
export const Public = () => access({ kind: 'public' });

export const MAX_BODY_METADATA = 'opstage:max-body';

/** How large a body the handler takes, in place of what is usual for whoever calls it. */
export const MaxBodyBytes = (bytes: number) => SetMetadata(MAX_BODY_METADATA, bytes);

export const STRICT_BODIES_METADATA = 'opstage:strict-bodies';

/** Routes for users under `/api/admin`; unknown body and query fields are refused. */
export const AdminController = (path: string) =>
  applyDecorators(
    Controller(`api/admin/${path}`),
    UsePipes(strictValidation),
    SetMetadata(STRICT_BODIES_METADATA, true),
  );

/** Routes for agents under `/api/agents`; unknown body and query fields are left out, so that newer SDKs keep working. */
export const AgentController = () => applyDecorators(Controller('api/agents'), UsePipes(lenientValidation));

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

export const NO_ENVELOPE_METADATA = 'opstage:no-envelope';

/** Says that the handler's answer is a stream, which leaves without the envelope. */
export const NoEnvelope = () => SetMetadata(NO_ENVELOPE_METADATA, true);

export const HEADERS_METADATA = 'opstage:headers';

/** A request header that a handler reads, as the OpenAPI document describes it. */
interface ReadHeader {
  readonly name: string;
  readonly description: string;
  readonly schema?: object;
}

/** Describes a header that the handler reads. */
export const ReadsHeader = (header: ReadHeader) => SetMetadata(HEADERS_METADATA, [header]);

const MAX_USER_AGENT_LENGTH = 300;
/** The longest address without a zone, an IPv6 address that ends in an IPv4 one. */
const MAX_ADDRESS_LENGTH = 45;

/** A trusted proxy passes on what it was sent; what is no address is no address to us either. */
const toAddress = (text: string | undefined): string | null => {
  const address = text?.replace(/^::ffff:(?=\d+\.)/, '').replace(/%.*$/, '') ?? '';
  return address.length <= MAX_ADDRESS_LENGTH && isIP(address) !== 0 ? address : null;
};

/** Address and user agent of a request; the address is the proxy's word only where proxies are trusted. */
export const clientInfoOf = (request: Request): ClientInfo => ({
  ipAddress: toAddress(request.ip),
  userAgent: request.get('user-agent')?.slice(0, MAX_USER_AGENT_LENGTH) ?? null,
});

/** Injects the {@link ClientInfo}, for handlers that run before anybody is known. */
export const Origin = createParamDecorator((_: unknown, context: ExecutionContext): ClientInfo =>
  clientInfoOf(context.switchToHttp().getRequest<Request>()),
);
