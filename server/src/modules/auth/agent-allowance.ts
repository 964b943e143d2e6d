import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import type { AgentId } from '#contracts';
import { DomainError } from '../../common/errors/domain-error.js';
import { isSizeAnnounced } from '../../common/http/json-body.js';
import { TokenBuckets } from '../../common/memory/token-buckets.js';
import { Clock } from '../../common/time/clock.js';
import { AppConfig } from '../../config/app-config.js';

/** A rested agent may send so many seconds' worth at once: a restart with many services, a log that was held back. */
const BURST_SECONDS = 10;
/** A body counts as one request more for each part of this size. */
const BYTES_PER_REQUEST = 64_000;
const MAX_AGENTS = 50_000;

const costOf = (bytes: number): number => 1 + Math.floor(bytes / BYTES_PER_REQUEST);

/** How much one agent may ask of the server, so that one that went wild costs the others nothing. */
@Injectable()
export class AgentAllowance {
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
  spend(agentId: AgentId, request: Request, maxBytes: number): void {
    if (!this.#buckets) return;
    const isAnnounced = isSizeAnnounced(request);
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
    const taken = isSizeAnnounced(request) ? undefined : this.#unannounced.get(request);
    if (taken) this.#buckets?.giveBack(taken.agentId, taken.cost, costOf(bytes));
  }
}
