import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import type { AgentId } from '#contracts';
import { DomainError } from '../../common/errors/domain-error.js';
import { TokenBuckets } from '../../common/memory/token-buckets.js';
import { Clock } from '../../common/time/clock.js';
import { AppConfig } from '../../config/app-config.js';

/** A rested agent may send so many seconds' worth at once: a restart with many services, a log that was held back. */
const BURST_SECONDS = 10;
/** A body counts as one request more for each part of this size. */
const BYTES_PER_REQUEST = 64_000;
const MAX_AGENTS = 50_000;

/** How much one agent may ask of the server, so that one that went wild costs the others nothing. */
@Injectable()
export class AgentAllowance {
  readonly #buckets: TokenBuckets | null;

  constructor(
    private readonly clock: Clock,
    { agentRequestsPerSecond: perSecond }: AppConfig,
  ) {
    const capacity = perSecond * BURST_SECONDS;
    this.#buckets = perSecond === 0 ? null : new TokenBuckets({ capacity, perSecond, maxKeys: MAX_AGENTS });
  }

  /** @throws RATE_LIMITED with when to come again */
  spend(agentId: AgentId, request: Request): void {
    if (!this.#buckets) return;
    const bytes = Number(request.headers['content-length'] ?? 0);
    const cost = 1 + Math.floor(bytes / BYTES_PER_REQUEST);
    const retryAfterSeconds = this.#buckets.take(agentId, this.clock.now(), cost);
    if (retryAfterSeconds === 0) return;
    throw new DomainError('RATE_LIMITED', 'This agent asks too much; let it wait as Retry-After says.', {
      retryAfterSeconds,
    });
  }
}
