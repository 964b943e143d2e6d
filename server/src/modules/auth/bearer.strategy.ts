import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { Strategy, type VerifyFunction } from 'passport-http-bearer';
import { AGENT_TOKEN_PREFIX } from '#contracts';
import { hashToken } from '../../common/crypto/tokens.js';
import { AgentTokensRepository } from '../agents/agent-tokens.repository.js';
import type { AgentEntity } from '../agents/agent.entity.js';
import { AppPassport } from './app-passport.js';

const findAgent = async (tokens: AgentTokensRepository, token: string): Promise<AgentEntity | null> =>
  token.startsWith(AGENT_TOKEN_PREFIX) ? tokens.findAgentByTokenHash(hashToken(token)) : null;

/** Finds the agent behind a bearer token. */
@Injectable()
export class BearerStrategy extends Strategy<VerifyFunction> {
  constructor(passport: AppPassport, tokens: AgentTokensRepository) {
    super((token, done) => {
      findAgent(tokens, token).then((agent) => {
        done(null, agent ?? false);
      }, done);
    });
    passport.use(this);
  }

  /** Only the header counts: the library would also take a token from the body or the query (RFC 6750, 2.2 and 2.3). */
  override authenticate(request: Request): void {
    super.authenticate({ headers: request.headers } as Request);
  }
}
