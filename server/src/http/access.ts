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
import { lenientValidation, strictValidation } from './validation/validation.pipe.js';

export const ACCESS_METADATA = 'opstage:access';

/** Who may call a handler. A handler without a rule is refused. */
export type AccessRule = { readonly kind: 'public' } | UserAccessRule | { readonly kind: 'agent' };

export interface UserAccessRule {
  readonly kind: 'user';
  readonly role: Role;
  /** Whether users who must register a passkey first may call it too. */
  readonly beforeEnrolment: boolean;
  /** Whether users must have proved minutes ago who they are. */
  readonly confirmed: boolean;
}

const access = (rule: AccessRule) => SetMetadata(ACCESS_METADATA, rule);

/**
 * For signed-in users of at least this role, who must have a passkey if it requires one, unless `beforeEnrolment` is set.
 * With `confirmed`, a user whose last sign-in or confirmation is older than five minutes is refused with
 * `CONFIRMATION_REQUIRED`.
 */
export const Access = (role: Role, { beforeEnrolment = false, confirmed = false } = {}) =>
  access({ kind: 'user', role, beforeEnrolment, confirmed });

/** For agents with their own token; an `agentId` in the path must be their own. */
export const AgentAccess = () => access({ kind: 'agent' });

/** For anyone. */
export const Public = () => access({ kind: 'public' });

export const HAS_EFFECT_METADATA = 'opstage:has-effect';

/**
 * Marks a GET that has an effect, such as one that hands out a secret once. The access guard then refuses HEAD, and requests
 * that a page of another site caused.
 */
export const HasEffect = () => SetMetadata(HAS_EFFECT_METADATA, true);

export const READS_OWN_BODY_METADATA = 'opstage:reads-own-body';

/** Leaves reading the body, and the limits of the caller, to a guard of the route, which learns from the body who is calling. */
export const ReadsOwnBody = () => SetMetadata(READS_OWN_BODY_METADATA, true);

export const STRICT_BODIES_METADATA = 'opstage:strict-bodies';

/** Routes for users under `/api/admin`; rejects unknown body and query fields. */
export const AdminController = (path: string) =>
  applyDecorators(
    Controller(`api/admin/${path}`),
    UsePipes(strictValidation),
    SetMetadata(STRICT_BODIES_METADATA, true),
  );

/** Routes for agents under `/api/agents`; drops unknown body and query fields, so that newer SDKs keep working. */
export const AgentController = () => applyDecorators(Controller('api/agents'), UsePipes(lenientValidation));

/** Injects the signed-in user, on handlers with `@Access`. */
export const CurrentUser = createParamDecorator((_: unknown, context: ExecutionContext): UserActor => {
  const { user } = context.switchToHttp().getRequest<Request & { user?: UserActor }>();
  if (user?.kind !== 'user') throw new Error('@CurrentUser needs @Access on its handler.');
  return user;
});

/** Injects the calling agent, on handlers with `@AgentAccess`. */
export const CurrentAgent = createParamDecorator((_: unknown, context: ExecutionContext): AgentActor => {
  const { user } = context.switchToHttp().getRequest<Request & { user?: AgentActor }>();
  if (user?.kind !== 'agent') throw new Error('@CurrentAgent needs @AgentAccess on its handler.');
  return user;
});

export const NO_ENVELOPE_METADATA = 'opstage:no-envelope';

/** Marks a handler that responds with a stream instead of the envelope. */
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
/** The longest address without a zone: IPv6 that ends in IPv4. */
const MAX_ADDRESS_LENGTH = 45;

/** A trusted proxy may pass on a header that is not an address. */
const toAddress = (text: string | undefined): string | null => {
  const address = text?.replace(/^::ffff:(?=\d+\.)/, '').replace(/%.*$/, '') ?? '';
  return address.length <= MAX_ADDRESS_LENGTH && isIP(address) !== 0 ? address : null;
};

/** Returns the address and user agent of a request. An address that a proxy reports counts only if the proxy is trusted. */
export const clientInfoOf = (request: Request): ClientInfo => ({
  ipAddress: toAddress(request.ip),
  userAgent: request.get('user-agent')?.slice(0, MAX_USER_AGENT_LENGTH) ?? null,
});

/** Injects the {@link ClientInfo}, for handlers that run before the caller is known. */
export const Client = createParamDecorator((_: unknown, context: ExecutionContext): ClientInfo =>
  clientInfoOf(context.switchToHttp().getRequest<Request>()),
);
