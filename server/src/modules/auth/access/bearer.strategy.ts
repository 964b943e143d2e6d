import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { Strategy, type VerifyFunction } from 'passport-http-bearer';
import { AGENT_TOKEN_PREFIX } from '#contracts';
import { hashToken } from '../../common/crypto/tokens.js';
import { AgentCredentials, type KnownAgent } from '../agents/agent-credentials.js';

/** An agent and the token it showed. */
export interface ShownAgent {
  readonly agent: KnownAgent;
  readonly tokenHash: string;
}

const findAgent = async (credentials: AgentCredentials, token: string): Promise<ShownAgent | null> => {
  if (!token.startsWith(AGENT_TOKEN_PREFIX)) return null;
  const tokenHash = hashToken(token);
  const agent = await credentials.find(tokenHash);
  return agent && { agent, tokenHash };
};

/** Finds the agent behind a bearer token. */
@Injectable()
export class BearerStrategy extends Strategy<VerifyFunction> {
  constructor(credentials: AgentCredentials) {
    super((token, done) => {
      findAgent(credentials, token).then((shown) => {
        done(null, shown ?? false);
      }, done);
    });
  }

  /** Only the header counts: the library would also take a token from the body or the query (RFC 6750, 2.2 and 2.3). */
  override authenticate(request: Request): void {
    super.authenticate({ headers: request.headers } as Request);
  }
}
