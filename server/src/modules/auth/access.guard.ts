import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request, Response } from 'express';
import { DomainError } from '../../common/errors/domain-error.js';
import { ACCESS_METADATA, type AccessRule } from '../../common/http/access.js';
import { AgentAccess } from './agent-access.js';
import { UserAccess } from './user-access.js';

/** Stands before every handler and applies its access rule; a handler without one is refused. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly users: UserAccess,
    private readonly agents: AgentAccess,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const rule = this.reflector.get<AccessRule | undefined>(ACCESS_METADATA, context.getHandler());
    const request = context.switchToHttp().getRequest<Request>();
    const response = context.switchToHttp().getResponse<Response>();
    switch (rule?.kind) {
      case 'public':
        return true;
      case 'user':
        return this.users.admit(request, response, rule);
      case 'agent':
        return this.agents.admit(request, response);
      case undefined:
        throw new DomainError('FORBIDDEN', 'Nobody may call this.');
    }
  }
}
