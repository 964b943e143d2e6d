import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request, Response } from 'express';
import { crossSiteRequest, DomainError } from '../../../common/errors.js';
import { ACCESS_METADATA, type AccessRule } from '../../../http/access.js';
import { ConnectionLimiter } from '../../../http/connections.js';
import { RequestBodyReader } from '../../../http/request-body.js';
import { AgentAccess } from './agent-access.js';
import { UserAccess } from './user-access.js';

/**
 * Stands before every handler and applies its access rule; a handler without one is refused. Only then is the body read:
 * nobody unknown makes the server parse what a known agent may send.
 */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly users: UserAccess,
    private readonly agents: AgentAccess,
    private readonly bodies: RequestBodyReader,
    private readonly connections: ConnectionLimiter,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const rule = this.reflector.get<AccessRule | undefined>(ACCESS_METADATA, context.getHandler());
    if (!rule) throw new DomainError('FORBIDDEN', 'Nobody may call this.');
    const maxBytes = this.bodies.limitFor(context, rule);
    await this.#admit(context, rule, maxBytes);
    const bytes = await this.bodies.read(context, maxBytes);
    if (rule.kind === 'agent') this.agents.settle(context.switchToHttp().getRequest<Request>(), bytes);
    return true;
  }

  async #admit(context: ExecutionContext, rule: AccessRule, maxBytes: number): Promise<void> {
    if (rule.kind === 'public') return;
    const request = context.switchToHttp().getRequest<Request>();
    const response = context.switchToHttp().getResponse<Response>();
    if (rule.kind === 'user') await this.users.authorize(request, response, rule);
    else await this.agents.authorize(request, maxBytes);
    this.connections.markAuthenticated(request.socket);
  }
}

/**
 * Stands before a GET that has an effect. Refuses it when the browser says another site caused it (W3C Fetch Metadata),
 * and the HEAD that Express would answer with the same handler: it would have the effect and show nothing of it.
 */
@Injectable()
export class SameSiteGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<Request>();
    if (request.method !== 'GET') throw new DomainError('METHOD_NOT_ALLOWED', 'This address answers GET only.');
    if (request.get('sec-fetch-site') === 'cross-site') throw crossSiteRequest();
    return true;
  }
}
