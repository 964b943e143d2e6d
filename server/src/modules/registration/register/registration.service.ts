import { Injectable } from '@nestjs/common';
import type { RegisterAgentRequest, RegisterAgentResponse } from '#contracts';
import type { ClientInfo } from '../../../common/actor.js';
import { Clock } from '../../../common/clock.js';
import { hashToken } from '../../../common/crypto/hashes.js';
import { DomainError } from '../../../common/errors.js';
import { isInCidrs, rateLimitKey } from '../../../common/ip-address.js';
import { TokenBuckets } from '../../../common/memory/token-buckets.js';
import { Database } from '../../../database/database.js';
import { retryOnUniqueViolation } from '../../../database/errors.js';
import type { Tx } from '../../../database/tx.js';
import { AgentEnrolmentService, type Enrolment } from '../../agents/agent-enrolment.service.js';
import { capsuleServiceCodeTaken } from '../../agents/agents.errors.js';
import { Cadence } from '../../agents/liveness/cadence.js';
import { ServiceReportsService } from '../../agents/reports/service-reports.service.js';
import { AuditService } from '../../audit/audit.service.js';
import { SampledAudit } from '../../audit/sampled-audit.js';
import {
  addressNotAllowed,
  registrationTokenExpired,
  registrationTokenForAnother,
  registrationTokenInvalid,
  registrationTokenRevoked,
  registrationTokenUsed,
} from '../registration.errors.js';
import type { RegistrationTokenEntity } from '../tokens/registration-token.entity.js';
import { RegistrationTokensRepository } from '../tokens/registration-tokens.repository.js';

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
  admit({ ipAddress }: ClientInfo): void {
    const retryAfterSeconds = this.#refused.retryAfterSeconds(rateLimitKey(ipAddress), this.clock.now());
    if (retryAfterSeconds === 0) return;
    const message = 'Too many registration tokens from this address were refused; try again later.';
    throw new DomainError('RATE_LIMITED', message, { retryAfterSeconds });
  }

  async note(refusal: DomainError, request: RegisterAgentRequest, origin: ClientInfo): Promise<void> {
    if (isOfToken(refusal)) this.#refused.take(rateLimitKey(origin.ipAddress), this.clock.now());
    await this.sampled.record({
      actor: { kind: 'unknown-agent', origin },
      action: 'registration.rejected',
      target: { type: 'Agent', id: null },
      message: `The registration of agent ${request.agent.code} was refused: ${refusal.code}.`,
      metadata: { agentCode: request.agent.code, errorCode: refusal.code },
    });
  }
}

/** Settles who gets a registration token. */
@Injectable()
export class RegistrationTokenConsumer {
  constructor(
    private readonly tokens: RegistrationTokensRepository,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  /** Consumes the token: of any number of calls at once, one succeeds. @throws REGISTRATION_TOKEN_*, ADDRESS_NOT_ALLOWED */
  async consume(tx: Tx, request: RegisterAgentRequest, origin: ClientInfo): Promise<RegistrationTokenEntity> {
    const tokenHash = hashToken(request.registrationToken);
    const isOurs = await this.tokens.consume(tokenHash, this.clock.now(), tx);
    const token = await this.tokens.findByHash(tokenHash, tx);
    if (!token) throw registrationTokenInvalid();
    if (!isOurs) throw refusalOf(token);
    if (token.agentCode !== null && token.agentCode !== request.agent.code) throw registrationTokenForAnother();
    if (token.allowedCidrs.length > 0 && !isInCidrs(origin.ipAddress, token.allowedCidrs)) throw addressNotAllowed();
    return token;
  }

  /** Notes which agent the token enrolled. */
  async noteUser(tx: Tx, token: RegistrationTokenEntity, actor: Enrolment['actor']): Promise<void> {
    await this.tokens.noteUser(token.id, actor.id, tx);
    await this.audit.record(tx, {
      actor,
      action: 'registration_token.consumed',
      target: { type: 'RegistrationToken', id: token.id },
      message: `Registration token ${token.name ?? token.id} enrolled agent ${actor.code}.`,
      metadata: { agentId: actor.id, agentCode: actor.code },
    });
  }
}

const refusalOf = ({ status }: RegistrationTokenEntity): DomainError => {
  switch (status) {
    case 'USED':
      return registrationTokenUsed();
    case 'REVOKED':
      return registrationTokenRevoked();
    case 'ACTIVE':
    case 'EXPIRED':
      return registrationTokenExpired();
  }
};

/** Exchanges a registration token for an agent's own token: in one transaction, so that a failure consumes nothing. */
@Injectable()
export class RegistrationService {
  constructor(
    private readonly db: Database,
    private readonly tokens: RegistrationTokenConsumer,
    private readonly enrolment: AgentEnrolmentService,
    private readonly reports: ServiceReportsService,
    private readonly refusals: RegistrationRefusals,
    private readonly cadence: Cadence,
  ) {}

  /** @throws RATE_LIMITED, REGISTRATION_TOKEN_*, ADDRESS_NOT_ALLOWED, AGENT_CODE_TAKEN, CAPSULE_SERVICE_CODE_TAKEN */
  async register(request: RegisterAgentRequest, origin: ClientInfo): Promise<RegisterAgentResponse> {
    this.refusals.admit(origin);
    try {
      const { actor, agentToken } = await retryOnUniqueViolation(() =>
        this.db.transaction((tx) => this.#exchange(tx, request, origin)),
      );
      return {
        agentId: actor.id,
        agentToken,
        ...this.cadence.current(),
      };
    } catch (error) {
      if (error instanceof DomainError) await this.refusals.note(error, request, origin);
      throw error;
    }
  }

  async #exchange(tx: Tx, request: RegisterAgentRequest, origin: ClientInfo): Promise<Enrolment> {
    const token = await this.tokens.consume(tx, request, origin);
    const isMadeForAgent = token.agentCode === request.agent.code;
    const enrolment = await this.enrolment.enrol(tx, { description: request.agent, isMadeForAgent, origin });
    await this.tokens.noteUser(tx, token, enrolment.actor);
    if (request.service) {
      const { rejected } = await this.reports.storeIn(tx, enrolment.actor, [request.service]);
      if (rejected.size > 0) throw capsuleServiceCodeTaken(request.service.code);
    }
    return enrolment;
  }
}
