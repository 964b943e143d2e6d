import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import type { AgentId } from '#contracts';
import type { AgentActor } from '../../../common/actor.js';
import { Clock } from '../../../common/clock.js';
import { hashToken } from '../../../common/crypto/hashes.js';
import { DomainError } from '../../../common/errors.js';
import { TokenBuckets } from '../../../common/memory/token-buckets.js';
import { servedRequest } from '../../../common/served-request.js';
import { AppConfig } from '../../../config/app-config.js';
import { clientInfoOf } from '../../../http/access.js';
import { hasContentLength } from '../../../http/body/json-body.js';
import { agentIdMismatch, agentTokenUnknown } from '../../agents/agents.errors.js';
import { AgentTokensService, assertAdmitted, type KnownAgent } from '../../agents/tokens/agent-tokens.service.js';
import { TokenMisuseService } from '../../agents/tokens/token-misuse.service.js';
import { SampledAudit } from '../../audit/sampled-audit.js';
import { BearerStrategy, runStrategy, type PresentedToken } from './bearer.strategy.js';

/** The burst, in seconds of the sustained rate: enough for a restart with many services, or for a backlog. */
const BURST_SECONDS = 10;
/** A body counts as one more request for each part of this size. */
const BYTES_PER_REQUEST = 64_000;
const MAX_AGENTS = 50_000;
/** What the requests of one agent may take together, in milliseconds of the serving thread: a tenth of it, after a burst. */
const WORK_LIMITS = { capacity: 2_000, perSecond: 100, maxKeys: MAX_AGENTS } as const;
/** A written row costs this much more than the time of its statement, for it is kept. */
const MS_PER_ROW = 0.1;

const costOf = (bytes: number): number => 1 + Math.floor(bytes / BYTES_PER_REQUEST);

/**
 * Limits the requests of each agent, and afterwards charges it for what they did, whatever they were answered, so that one that
 * misbehaves does not affect the others.
 */
@Injectable()
export class AgentRateLimit {
  readonly #buckets: TokenBuckets | null;
  readonly #work = new TokenBuckets(WORK_LIMITS);
  /** The charges for requests that do not announce their size. */
  readonly #provisional = new WeakMap<Request, { readonly agentId: AgentId; readonly cost: number }>();

  constructor(
    private readonly clock: Clock,
    { agentRequestsPerSecond: perSecond }: AppConfig,
  ) {
    const capacity = perSecond * BURST_SECONDS;
    this.#buckets = perSecond === 0 ? null : new TokenBuckets({ capacity, perSecond, maxKeys: MAX_AGENTS });
  }

  /**
   * Charges the agent for a request. One that does not announce its size costs as much as the largest body until it is read.
   * @throws RATE_LIMITED with the seconds to wait
   */
  take(agentId: AgentId, request: Request, maxBytes: number): void {
    if (!this.#buckets) return;
    const isAnnounced = hasContentLength(request);
    const cost = costOf(isAnnounced ? Number(request.headers['content-length'] ?? 0) : maxBytes);
    if (!isAnnounced) this.#provisional.set(request, { agentId, cost });
    const now = this.clock.now();
    const retryAfterSeconds = this.#work.retryAfterSeconds(agentId, now) || this.#buckets.take(agentId, now, cost);
    this.#chargeAtEnd(agentId);
    if (retryAfterSeconds === 0) return;
    const message = 'This agent sends too many requests, or too costly ones; try again after the time in Retry-After.';
    throw new DomainError('RATE_LIMITED', message, { retryAfterSeconds });
  }

  #chargeAtEnd(agentId: AgentId): void {
    const served = servedRequest();
    if (!served) return;
    served.onEnd = ({ ms, rows }) => {
      this.#work.charge(agentId, this.clock.now(), ms + rows * MS_PER_ROW);
    };
  }

  /** Refunds what {@link take} overcharged a request that did not announce its size. */
  settle(request: Request, bytes: number): void {
    const taken = hasContentLength(request) ? undefined : this.#provisional.get(request);
    if (taken) this.#buckets?.refund(taken.agentId, taken.cost, costOf(bytes));
  }
}

/** Authenticates agents by their bearer token. */
@Injectable()
export class AgentAccess {
  constructor(
    private readonly strategy: BearerStrategy,
    private readonly tokens: AgentTokensService,
    private readonly misuse: TokenMisuseService,
    private readonly sampled: SampledAudit,
    private readonly rateLimit: AgentRateLimit,
  ) {}

  /**
   * Leaves the agent on the request.
   * @throws UNAUTHORIZED, AGENT_ID_MISMATCH, AGENT_DISABLED, AGENT_REVOKED, RATE_LIMITED
   */
  async authorize(request: Request, maxBytes: number): Promise<true> {
    const presented = await runStrategy<PresentedToken>(this.strategy, request);
    if (!presented) return this.#reject(request);
    const { id, code, status } = presented.agent;
    const user: AgentActor = {
      kind: 'agent',
      id,
      code,
      status,
      tokenHash: presented.tokenHash,
      origin: clientInfoOf(request),
    };
    const { agentId } = request.params;
    if (agentId !== undefined && agentId !== id) {
      await this.#deny(request, user, 'agentId');
      throw agentIdMismatch();
    }
    await this.#assertAdmitted(request, user, presented.agent);
    this.rateLimit.take(id, request, maxBytes);
    Object.assign(request, { user });
    return true;
  }

  /** Corrects the charge of the rate limit once the size of the body is known. */
  settle(request: Request, bytes: number): void {
    this.rateLimit.settle(request, bytes);
  }

  /**
   * Looks again once the body is there, which may take a minute: an agent that was disabled or revoked meanwhile changes
   * nothing more. It costs no query.
   * @throws AGENT_DISABLED, AGENT_REVOKED
   */
  async confirm(request: Request): Promise<void> {
    const { user } = request as Request & { readonly user: AgentActor };
    const agent = await this.tokens.findAgent(user.tokenHash);
    // A token that was replaced meanwhile was valid when the request began.
    if (agent) await this.#assertAdmitted(request, user, agent);
  }

  async #assertAdmitted(request: Request, user: AgentActor, agent: KnownAgent): Promise<void> {
    try {
      assertAdmitted(agent);
    } catch (error) {
      await this.#deny(request, user, agent.status === 'REVOKED' ? 'revoked' : 'disabled');
      throw error;
    }
  }

  #deny(request: Request, actor: AgentActor, reason: 'agentId' | 'revoked' | 'disabled'): Promise<void> {
    const { method } = request;
    const path = request.path.slice(0, 200);
    return this.sampled.record({
      actor,
      action: 'access.denied',
      target: { type: 'Agent', id: actor.id },
      message: `Agent ${actor.code} was refused ${method} ${path} (${reason}).`,
      metadata: { reason, method, path },
    });
  }

  async #reject(request: Request): Promise<never> {
    const origin = clientInfoOf(request);
    const path = request.path.slice(0, 200);
    const superseded = this.tokens.findSuperseded(hashToken(bearerOf(request)));
    if (superseded) {
      await this.misuse.noteReused(superseded, origin, path);
      throw agentTokenUnknown();
    }
    await this.sampled.record({
      actor: { kind: 'unknown-agent', origin },
      action: 'agent_token.rejected',
      target: { type: 'Agent', id: null },
      message: 'A request without a valid agent token was refused.',
      metadata: { path },
    });
    throw agentTokenUnknown();
  }
}

/** What the request shows as its bearer token; empty when there is none. */
const bearerOf = (request: Request): string => /^Bearer +(\S+)$/i.exec(request.get('authorization') ?? '')?.[1] ?? '';
