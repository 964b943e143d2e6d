import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import type { AgentId } from '#contracts';
import type { AgentActor } from '../../../common/actor.js';
import { Clock } from '../../../common/clock.js';
import { DomainError } from '../../../common/errors.js';
import { TokenBuckets } from '../../../common/memory/token-buckets.js';
import { AppConfig } from '../../../config/app-config.js';
import { clientInfoOf } from '../../../http/access.js';
import { hasContentLength } from '../../../http/request-body.js';
import { agentIdMismatch, agentTokenUnknown } from '../../agents/agents.errors.js';
import { assertAdmitted } from '../../agents/tokens/agent-tokens.service.js';
import { SampledAudit } from '../../audit/sampled-audit.js';
import { BearerStrategy, runStrategy, type PresentedToken } from './bearer.strategy.js';

/** A rested agent may send so many seconds' worth at once: a restart with many services, a log that was held back. */
const BURST_SECONDS = 10;
/** A body counts as one request more for each part of this size. */
const BYTES_PER_REQUEST = 64_000;
const MAX_AGENTS = 50_000;

const costOf = (bytes: number): number => 1 + Math.floor(bytes / BYTES_PER_REQUEST);

/** How much one agent may ask of the server, so that one that went wild costs the others nothing. */
@Injectable()
export class AgentRateLimit {
  readonly #buckets: TokenBuckets | null;
  /** Requests whose size is not known before they have come, and what was taken for them. */
  readonly #unannounced = new WeakMap<Request, { readonly agentId: AgentId; readonly cost: number }>();

  constructor(
    private readonly clock: Clock,
    { agentRequestsPerSecond: perSecond }: AppConfig,
  ) {
    const capacity = perSecond * BURST_SECONDS;
    this.#buckets = perSecond === 0 ? null : new TokenBuckets({ capacity, perSecond, maxKeys: MAX_AGENTS });
  }

  /**
   * Takes what a request costs; one that does not say its size, as if it were as large as can be, until it is known.
   * @throws RATE_LIMITED with when to come again
   */
  take(agentId: AgentId, request: Request, maxBytes: number): void {
    if (!this.#buckets) return;
    const isAnnounced = hasContentLength(request);
    const cost = costOf(isAnnounced ? Number(request.headers['content-length'] ?? 0) : maxBytes);
    if (!isAnnounced) this.#unannounced.set(request, { agentId, cost });
    const retryAfterSeconds = this.#buckets.take(agentId, this.clock.now(), cost);
    if (retryAfterSeconds === 0) return;
    throw new DomainError('RATE_LIMITED', 'This agent asks too much; let it wait as Retry-After says.', {
      retryAfterSeconds,
    });
  }

  /** Gives back what a request that did not say its size has cost too much. */
  settle(request: Request, bytes: number): void {
    const taken = hasContentLength(request) ? undefined : this.#unannounced.get(request);
    if (taken) this.#buckets?.refund(taken.agentId, taken.cost, costOf(bytes));
  }
}

/** Decides whether a request is an agent's, by its bearer token, and about that agent itself. */
@Injectable()
export class AgentAccess {
  constructor(
    private readonly strategy: BearerStrategy,
    private readonly sampled: SampledAudit,
    private readonly allowance: AgentRateLimit,
  ) {}

  /**
   * Leaves the agent on the request.
   * @throws UNAUTHORIZED, AGENT_ID_MISMATCH, AGENT_DISABLED, AGENT_REVOKED, RATE_LIMITED
   */
  async authorize(request: Request, maxBytes: number): Promise<true> {
    const shown = await runStrategy<PresentedToken>(this.strategy, request);
    if (!shown) return this.#reject(request);
    const { agent, tokenHash } = shown;
    const { agentId } = request.params;
    if (agentId !== undefined && agentId !== agent.id) throw agentIdMismatch();
    const { id, code, status } = assertAdmitted(agent);
    const user: AgentActor = { kind: 'agent', id, code, status, tokenHash, origin: clientInfoOf(request) };
    this.allowance.take(agent.id, request, maxBytes);
    Object.assign(request, { user });
    return true;
  }

  /** The body of an admitted request has come. */
  settle(request: Request, bytes: number): void {
    this.allowance.settle(request, bytes);
  }

  async #reject(request: Request): Promise<never> {
    await this.sampled.record({
      actor: { kind: 'unknown-agent', origin: clientInfoOf(request) },
      action: 'agent_token.rejected',
      target: { type: 'Agent', id: null },
      message: 'A request without a valid agent token was refused.',
      metadata: { path: request.path.slice(0, 200) },
    });
    throw agentTokenUnknown();
  }
}
