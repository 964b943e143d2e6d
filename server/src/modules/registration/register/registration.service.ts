import { Injectable } from '@nestjs/common';
import type { RegisterAgentRequest, RegisterAgentResponse } from '#contracts';
import { DomainError } from '../../common/errors/domain-error.js';
import type { RequestOrigin } from '../../common/http/identity.js';
import { Database } from '../../database/database.js';
import { retryOnUniqueViolation } from '../../database/retry-on-unique-violation.js';
import type { Tx } from '../../database/tx.js';
import { AgentCadence } from '../agents/agent-cadence.js';
import { AgentEnrolment, type Enrolment } from '../agents/agent-enrolment.js';
import { ServiceReporting } from '../services/service-reporting.js';
import { capsuleServiceCodeTaken } from '../services/service.errors.js';
import { RegistrationRefusals } from './registration-refusals.js';
import { RegistrationTokenConsumer } from './registration-token-consumer.js';

/** Exchanges a registration token for an agent's own token: in one transaction, so that a failure consumes nothing. */
@Injectable()
export class RegistrationService {
  constructor(
    private readonly db: Database,
    private readonly tokens: RegistrationTokenConsumer,
    private readonly enrolment: AgentEnrolment,
    private readonly reporting: ServiceReporting,
    private readonly refusals: RegistrationRefusals,
    private readonly cadence: AgentCadence,
  ) {}

  /** @throws RATE_LIMITED, REGISTRATION_TOKEN_*, ADDRESS_NOT_ALLOWED, AGENT_CODE_TAKEN, CAPSULE_SERVICE_CODE_TAKEN */
  async register(request: RegisterAgentRequest, origin: RequestOrigin): Promise<RegisterAgentResponse> {
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

  async #exchange(tx: Tx, request: RegisterAgentRequest, origin: RequestOrigin): Promise<Enrolment> {
    const token = await this.tokens.consume(tx, request, origin);
    const isMadeForAgent = token.agentCode === request.agent.code;
    const enrolment = await this.enrolment.enrol(tx, { description: request.agent, isMadeForAgent, origin });
    await this.tokens.noteUser(tx, token, enrolment.actor);
    if (request.service) {
      const { rejected } = await this.reporting.reportIn(tx, enrolment.actor, [request.service]);
      if (rejected.size > 0) throw capsuleServiceCodeTaken(request.service.code);
    }
    return enrolment;
  }
}
