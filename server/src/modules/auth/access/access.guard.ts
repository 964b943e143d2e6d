import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request, Response } from 'express';
import type { AgentActor, UserActor } from '../../../common/actor.js';
import { DomainError } from '../../../common/errors.js';
import { rateLimitKey } from '../../../common/ip-address.js';
import {
  ACCESS_METADATA,
  type AccessRule,
  clientInfoOf,
  HAS_EFFECT_METADATA,
  READS_OWN_BODY_METADATA,
} from '../../../http/access.js';
import { RequestBodyReader } from '../../../http/body/request-body.js';
import { ConnectionLimiter } from '../../../http/connections.js';
import { PublicTimeLimit } from '../../../http/public-time-limit.js';
import { AgentAccess } from './agent-access.js';
import { SameOriginCheck } from './same-origin.js';
import { UserAccess } from './user-access.js';

/**
 * Applies the access rule of each handler and refuses a handler without one. It reads the body only afterwards, so that an
 * unknown caller cannot make the server parse more than a sign-in needs.
 */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly sameOrigin: SameOriginCheck,
    private readonly users: UserAccess,
    private readonly agents: AgentAccess,
    private readonly bodies: RequestBodyReader,
    private readonly connections: ConnectionLimiter,
    private readonly publicTime: PublicTimeLimit,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const rule = this.reflector.get<AccessRule | undefined>(ACCESS_METADATA, context.getHandler());
    if (!rule) throw new DomainError('FORBIDDEN', 'No caller has access to this address.');
    await this.#protectEffect(context);
    if (this.reflector.get<boolean | undefined>(READS_OWN_BODY_METADATA, context.getHandler()) === true) return true;
    const maxBytes = this.bodies.limitFor(context, rule);
    await this.#authorize(context, rule, maxBytes);
    const bytes = await this.bodies.read(context, maxBytes);
    if (rule.kind !== 'agent') return true;
    const request = context.switchToHttp().getRequest<Request>();
    this.agents.settle(request, bytes);
    await this.agents.confirm(request);
    return true;
  }

  /** Protects a GET with an effect from HEAD, which Express passes to the same handler, and from links on other sites. */
  async #protectEffect(context: ExecutionContext): Promise<void> {
    if (this.reflector.get<boolean | undefined>(HAS_EFFECT_METADATA, context.getHandler()) !== true) return;
    const request = context.switchToHttp().getRequest<Request>();
    if (request.method === 'HEAD') {
      context.switchToHttp().getResponse<Response>().setHeader('Allow', 'GET');
      throw new DomainError('METHOD_NOT_ALLOWED', 'This address answers GET, not HEAD.');
    }
    await this.sameOrigin.assertOwnPage(request);
  }

  async #authorize(context: ExecutionContext, rule: AccessRule, maxBytes: number): Promise<void> {
    const request = context.switchToHttp().getRequest<Request>();
    if (rule.kind === 'public') {
      // By route, so that what is spent on one cannot keep anyone from another, such as a health check.
      const { ipAddress } = clientInfoOf(request);
      this.publicTime.admit(`${context.getHandler().name} ${rateLimitKey(ipAddress)}`);
      return;
    }
    const response = context.switchToHttp().getResponse<Response>();
    if (rule.kind === 'user') await this.users.authorize(request, response, rule);
    else await this.agents.authorize(request, maxBytes);
    // Both leave the caller on the request.
    const { user } = request as Request & { readonly user: UserActor | AgentActor };
    this.connections.markAuthenticated(request.socket, user.id);
  }
}
