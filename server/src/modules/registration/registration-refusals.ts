import { Injectable } from '@nestjs/common';
import type { RegisterAgentRequest } from '#contracts';
import { DomainError } from '../../common/errors/domain-error.js';
import type { RequestOrigin } from '../../common/http/identity.js';
import { TokenBuckets } from '../../common/memory/token-buckets.js';
import { Clock } from '../../common/time/clock.js';
import { SampledAudit } from '../audit/sampled-audit.js';

/** Refused tokens of one address: more than a fleet with a bad one sends by mistake, far fewer than a guess would need. */
const LIMITS = { capacity: 60, perSecond: 1, maxKeys: 10_000 } as const;

/** Whether it was the token that was not good enough: who has a good one guesses nothing. */
const isOfToken = ({ code }: DomainError): boolean =>
  code.startsWith('REGISTRATION_TOKEN_') || code === 'ADDRESS_NOT_ALLOWED';

/**
 * Refused registrations: audited, and limited per address, so that tokens cannot be tried. A fleet behind one address
 * enrols as fast as it can: only refusals count.
 */
@Injectable()
export class RegistrationRefusals {
  readonly #refused = new TokenBuckets(LIMITS);

  constructor(
    private readonly sampled: SampledAudit,
    private readonly clock: Clock,
  ) {}

  /** @throws RATE_LIMITED for an address that was refused too often */
  admit({ ipAddress }: RequestOrigin): void {
    const retryAfterSeconds = this.#refused.wait(ipAddress ?? '', this.clock.now());
    if (retryAfterSeconds === 0) return;
    const message = 'Too many registration tokens from this address were refused; try again later.';
    throw new DomainError('RATE_LIMITED', message, { retryAfterSeconds });
  }

  async note(refusal: DomainError, request: RegisterAgentRequest, origin: RequestOrigin): Promise<void> {
    if (isOfToken(refusal)) this.#refused.take(origin.ipAddress ?? '', this.clock.now());
    await this.sampled.record({
      actor: { kind: 'unknown-agent', origin },
      action: 'registration.rejected',
      target: { type: 'Agent', id: null },
      message: `The registration of agent ${request.agent.code} was refused: ${refusal.code}.`,
      metadata: { agentCode: request.agent.code, errorCode: refusal.code },
    });
  }
}
