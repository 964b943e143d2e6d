import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import type { Request } from 'express';
import { Strategy } from 'passport-http-bearer';
import { AGENT_TOKEN_PREFIX } from '#contracts';
import { hashToken } from '../../common/crypto/tokens.js';
import { AgentTokensRepository } from '../agents/agent-tokens.repository.js';
import type { AgentEntity } from '../agents/agent.entity.js';

/** Finds the agent behind a bearer token. */
@Injectable()
export class BearerStrategy extends PassportStrategy(Strategy, 'bearer') {
  constructor(private readonly tokens: AgentTokensRepository) {
    super();
  }

  /** Only the header counts: the library would also take a token from the body or the query (RFC 6750, 2.2 and 2.3). */
  override authenticate(request: Request): void {
    super.authenticate({ headers: request.headers } as Request);
  }

  async validate(token: string): Promise<AgentEntity | false> {
    if (!token.startsWith(AGENT_TOKEN_PREFIX)) return false;
    return (await this.tokens.findAgentByTokenHash(hashToken(token))) ?? false;
  }
}
