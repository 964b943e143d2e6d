import { Injectable } from '@nestjs/common';
import type { AgentId } from '#contracts';
import type { ClientInfo } from '../../../common/actor.js';
import { Clock } from '../../../common/clock.js';
import { hashToken } from '../../../common/crypto/hashes.js';
import { DomainError } from '../../../common/errors.js';
import { rateLimitKey } from '../../../common/ip-address.js';
import { TokenBuckets } from '../../../common/memory/token-buckets.js';
import { PublicTimeLimit } from '../../../http/public-time-limit.js';
import { AgentsService } from '../../agents/agents.service.js';
import { SampledAudit } from '../../audit/sampled-audit.js';
import { registrationTokenInvalid } from '../registration.errors.js';
import { RegistrationTokensRepository } from '../tokens/registration-tokens.repository.js';

/** Refused tokens per address: more than a misconfigured fleet sends by mistake, far fewer than guessing would need. */
const REFUSAL_LIMITS = { capacity: 60, perSecond: 1, maxKeys: 10_000 } as const;

/** Whether the token itself was refused. A caller with a valid token is not guessing. */
const isTokenRefusal = ({ code }: DomainError): boolean =>
  code.startsWith('REGISTRATION_TOKEN_') || code === 'ADDRESS_NOT_ALLOWED';

/**
 * Decides who may register at all, by the token alone. Only refusals are limited by address, since no one can guess 256 bits: whoever
 * shares an address with a stranger, or with a fleet whose tokens are wrong, registers as if they were not there.
 */
@Injectable()
export class RegistrationAdmission {
  readonly #refused = new TokenBuckets(REFUSAL_LIMITS);

  constructor(
    private readonly tokens: RegistrationTokensRepository,
    private readonly time: PublicTimeLimit,
    private readonly agents: AgentsService,
    private readonly sampledAudit: SampledAudit,
    private readonly clock: Clock,
  ) {}

  /**
   * Lets a request with a known token go on, whether or not the token can still be used.
   * @throws REGISTRATION_TOKEN_INVALID, RATE_LIMITED
   */
  async admit(registrationToken: string, client: ClientInfo): Promise<void> {
    const token = await this.tokens.findByHash(hashToken(registrationToken));
    if (token) this.time.admit(`registration ${token.id}`);
    else {
      this.admitUnknown(client);
      throw await this.refuse(registrationTokenInvalid(), client);
    }
  }

  /** Lets a request without a known token go on, to be told what is wrong with it. @throws RATE_LIMITED */
  admitUnknown({ ipAddress }: ClientInfo): void {
    this.time.admit(`registration ${rateLimitKey(ipAddress)}`);
  }

  /** Audits a refused registration and returns what to answer; `agentCode` is null when it was not read. */
  async refuse(refusal: DomainError, client: ClientInfo, agentCode: string | null = null): Promise<DomainError> {
    const retryAfterSeconds = isTokenRefusal(refusal) ? this.#count(client) : 0;
    if (retryAfterSeconds > 0) {
      const message = 'Too many registration tokens from this address were refused; try again later.';
      return new DomainError('RATE_LIMITED', message, { retryAfterSeconds });
    }
    await this.sampledAudit.record({
      actor: { kind: 'unknown-agent', origin: client },
      action: 'registration.rejected',
      target: { type: 'Agent', id: await this.#knownAgentId(refusal, agentCode) },
      message: `The registration of ${agentCode === null ? 'an agent' : `agent ${agentCode}`} was refused: ${refusal.code}.`,
      metadata: { agentCode, errorCode: refusal.code },
    });
    return refusal;
  }

  /** The agent whose registration was refused, so that its page shows it; null for strangers, who can name any code. */
  async #knownAgentId({ code }: DomainError, agentCode: string | null): Promise<AgentId | null> {
    if (agentCode === null || code === 'REGISTRATION_TOKEN_INVALID') return null;
    return this.agents.findIdByCode(agentCode);
  }

  #count({ ipAddress }: ClientInfo): number {
    return this.#refused.take(rateLimitKey(ipAddress), this.clock.now());
  }
}
