import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { Strategy, type VerifyFunction } from 'passport-http-bearer';
import { AGENT_TOKEN_PREFIX } from '#contracts';
import { hashToken } from '../../../common/crypto/hashes.js';
import { AgentTokensService, type KnownAgent } from '../../agents/tokens/agent-tokens.service.js';

/** An agent and the token it presented. */
export interface PresentedToken {
  readonly agent: KnownAgent;
  readonly tokenHash: string;
}

/** The part of a Passport strategy that is used here. */
interface RequestStrategy {
  authenticate(request: Request): void;
}

/** The verdicts of a strategy, which calls exactly one of them (the contract of `passport-strategy`). */
interface Verdicts {
  readonly success: (identity: unknown) => void;
  readonly fail: () => void;
  readonly pass: () => void;
  readonly redirect: () => void;
  readonly error: (error: unknown) => void;
}

const findAgent = async (tokens: AgentTokensService, token: string): Promise<PresentedToken | null> => {
  if (!token.startsWith(AGENT_TOKEN_PREFIX)) return null;
  const tokenHash = hashToken(token);
  const agent = await tokens.findAgent(tokenHash);
  return agent && { agent, tokenHash };
};

/** Finds the agent behind a bearer token. */
@Injectable()
export class BearerStrategy extends Strategy<VerifyFunction> {
  constructor(tokens: AgentTokensService) {
    super((token, done) => {
      findAgent(tokens, token).then((presented) => {
        done(null, presented ?? false);
      }, done);
    });
  }

  /** Only the header counts: the library would also accept a token in the body or the query (RFC 6750, 2.2 and 2.3). */
  override authenticate(request: Request): void {
    super.authenticate({ headers: request.headers } as Request);
  }
}

/**
 * Runs a strategy and returns the identity that it finds; null if it refuses.
 *
 * It replaces Passport's middleware, which assigns five function literals to properties for each request. V8 allocates such
 * functions in the old space, so everything the request refers to stays in memory until the next full garbage collection
 * (docs/decisions/0021).
 */
export const runStrategy = <T>(strategy: RequestStrategy, request: Request): Promise<T | null> =>
  new Promise((resolve, reject) => {
    const refuse = (): void => {
      resolve(null);
    };
    const verdicts: Verdicts = {
      success: (identity) => {
        resolve(identity as T);
      },
      fail: refuse,
      pass: refuse,
      redirect: refuse,
      error: reject,
    };
    const attempt: RequestStrategy & Verdicts = Object.assign(Object.create(strategy) as RequestStrategy, verdicts);
    attempt.authenticate(request);
  });
