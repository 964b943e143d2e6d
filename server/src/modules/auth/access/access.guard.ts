import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request, Response } from 'express';
import { DomainError } from '../../common/errors/domain-error.js';
import { ACCESS_METADATA, type AccessRule } from '../../common/http/access.js';
import { ConnectionBounds } from '../../common/http/connection-bounds.js';
import { AgentAccess } from './agent-access.js';
import { RequestBodies } from './request-bodies.js';
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
    private readonly bodies: RequestBodies,
    private readonly connections: ConnectionBounds,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const rule = this.reflector.get<AccessRule | undefined>(ACCESS_METADATA, context.getHandler());
    if (!rule) throw new DomainError('FORBIDDEN', 'Nobody may call this.');
    const maxBytes = this.bodies.maxBytesOf(context, rule);
    await this.#admit(context, rule, maxBytes);
    const bytes = await this.bodies.read(context, maxBytes);
    if (rule.kind === 'agent') this.agents.settle(context.switchToHttp().getRequest<Request>(), bytes);
    return true;
  }

  async #admit(context: ExecutionContext, rule: AccessRule, maxBytes: number): Promise<void> {
    if (rule.kind === 'public') return;
    const request = context.switchToHttp().getRequest<Request>();
    const response = context.switchToHttp().getResponse<Response>();
    if (rule.kind === 'user') await this.users.admit(request, response, rule);
    else await this.agents.admit(request, maxBytes);
    this.connections.know(request.socket);
  }
}
