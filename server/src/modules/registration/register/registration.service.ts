import { Injectable } from '@nestjs/common';
import type { RegisterAgentRequest, RegisterAgentResponse } from '#contracts';
import type { ClientInfo } from '../../../common/actor.js';
import { Clock } from '../../../common/clock.js';
import { hashToken } from '../../../common/crypto/hashes.js';
import { DomainError, validationFailed } from '../../../common/errors.js';
import { isInCidrs } from '../../../common/ip-address.js';
import { Database } from '../../../database/database.js';
import { retryOnUniqueViolation } from '../../../database/errors.js';
import type { Tx } from '../../../database/tx.js';
import { AgentEnrolmentService, type Enrolment, type EnrolmentRequest } from '../../agents/agent-enrolment.service.js';
import { agentServiceLimit, capsuleServiceCodeTaken } from '../../agents/agents.errors.js';
import { Cadence } from '../../agents/liveness/cadence.js';
import { ServiceReportsService } from '../../agents/reports/service-reports.service.js';
import { AuditService } from '../../audit/audit.service.js';
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
import { RegistrationAdmission } from './registration-admission.js';

/** How long a registration can be repeated whose answer was lost. */
const REPEAT_SECONDS = 600;

interface ConsumedToken {
  readonly token: RegistrationTokenEntity;
  /** False when it was used before. */
  readonly isConsumedHere: boolean;
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

/**
 * Exchanges a registration token for an agent's own token, in one transaction: a failure consumes nothing. Refusals are
 * audited and limited per address, so tokens cannot be guessed; a fleet behind one address enrols at full speed.
 */
@Injectable()
export class RegistrationService {
  constructor(
    private readonly db: Database,
    private readonly tokens: RegistrationTokensRepository,
    private readonly enrolment: AgentEnrolmentService,
    private readonly reports: ServiceReportsService,
    private readonly cadence: Cadence,
    private readonly audit: AuditService,
    private readonly admission: RegistrationAdmission,
    private readonly clock: Clock,
  ) {}

  /**
   * Enrols the agent with its first service, if it sends one, and returns the agent's token.
   * @throws RATE_LIMITED, REGISTRATION_TOKEN_*, ADDRESS_NOT_ALLOWED, AGENT_CODE_TAKEN, CAPSULE_SERVICE_CODE_TAKEN, AGENT_SERVICE_LIMIT
   */
  async register(request: RegisterAgentRequest, client: ClientInfo): Promise<RegisterAgentResponse> {
    try {
      const { actor, agentToken } = await retryOnUniqueViolation(() =>
        this.db.transaction((tx) => this.#exchange(tx, request, client)),
      );
      return { agentId: actor.id, agentToken, ...this.cadence.current() };
    } catch (error) {
      if (error instanceof DomainError) throw await this.admission.refuse(error, client, request.agent.code);
      throw error;
    }
  }

  async #exchange(tx: Tx, request: RegisterAgentRequest, client: ClientInfo): Promise<Enrolment> {
    const { token, isConsumedHere } = await this.#consumeToken(tx, request, client);
    const { agent: description, enrolmentKey } = request;
    const isMadeForAgent = token.agentCode === description.code;
    const enrolmentRequest = { description, isMadeForAgent, enrolmentKey, origin: client };
    const enrolment = isConsumedHere
      ? await this.enrolment.enrol(tx, enrolmentRequest)
      : await this.#repeat(tx, token, enrolmentRequest);
    if (isConsumedHere) await this.#recordUse(tx, token, enrolment.actor);
    if (request.service) {
      const { rejected } = await this.reports.storeIn(tx, enrolment.actor, [request.service]);
      const [rejection] = rejected;
      if (rejection?.error === 'VALIDATION_FAILED') {
        throw validationFailed([{ path: 'service', message: rejection.message ?? 'is not valid' }]);
      }
      if (rejection?.error === 'AGENT_SERVICE_LIMIT') throw agentServiceLimit(request.service.code);
      if (rejection) throw capsuleServiceCodeTaken(request.service.code);
    }
    return enrolment;
  }

  /** The answer to the registration that consumed the token was lost. @throws REGISTRATION_TOKEN_USED if not */
  async #repeat(tx: Tx, token: RegistrationTokenEntity, request: EnrolmentRequest): Promise<Enrolment> {
    const { enrolmentKey } = request;
    const { usedAt, usedByAgentId: id } = token;
    const isRecent = usedAt !== null && usedAt > this.clock.secondsFromNow(-REPEAT_SECONDS);
    const enrolment =
      isRecent && id !== null && enrolmentKey !== undefined
        ? await this.enrolment.repeat(tx, id, { ...request, enrolmentKey })
        : null;
    if (!enrolment) throw registrationTokenUsed();
    return enrolment;
  }

  /** Consumes the token; of any number of concurrent calls, exactly one does. The others may repeat that one. */
  async #consumeToken(tx: Tx, request: RegisterAgentRequest, client: ClientInfo): Promise<ConsumedToken> {
    const tokenHash = hashToken(request.registrationToken);
    const isConsumedHere = await this.tokens.consume(tokenHash, this.clock.now(), tx);
    const token = await this.tokens.findByHash(tokenHash, tx);
    if (!token) throw registrationTokenInvalid();
    const mayRepeat = token.status === 'USED' && request.enrolmentKey !== undefined;
    if (!isConsumedHere && !mayRepeat) throw refusalOf(token);
    if (token.agentCode !== null && token.agentCode !== request.agent.code) throw registrationTokenForAnother();
    if (token.allowedCidrs.length > 0 && !isInCidrs(client.ipAddress, token.allowedCidrs)) throw addressNotAllowed();
    return { token, isConsumedHere };
  }

  async #recordUse(tx: Tx, token: RegistrationTokenEntity, actor: Enrolment['actor']): Promise<void> {
    await this.tokens.setUsedBy(token.id, actor.id, tx);
    await this.audit.record(tx, {
      actor,
      action: 'registration_token.consumed',
      target: { type: 'RegistrationToken', id: token.id },
      message: `Registration token ${token.name ?? token.id} enrolled agent ${actor.code}.`,
      metadata: { agentId: actor.id, agentCode: actor.code },
    });
  }
}
