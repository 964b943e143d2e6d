import { Injectable } from '@nestjs/common';
import type { RegisterAgentRequest } from '#contracts';
import { hashToken } from '../../common/crypto/tokens.js';
import type { DomainError } from '../../common/errors/domain-error.js';
import { isInCidrs } from '../../common/http/cidr.js';
import type { RequestOrigin } from '../../common/http/identity.js';
import { Clock } from '../../common/time/clock.js';
import type { Tx } from '../../database/tx.js';
import type { Enrolment } from '../agents/agent-enrolment.js';
import { AuditService } from '../audit/audit.service.js';
import type { RegistrationTokenEntity } from './registration-token.entity.js';
import { RegistrationTokensRepository } from './registration-tokens.repository.js';
import {
  addressNotAllowed,
  registrationTokenExpired,
  registrationTokenForAnother,
  registrationTokenInvalid,
  registrationTokenRevoked,
  registrationTokenUsed,
} from './registration.errors.js';

/** Settles who gets a registration token. */
@Injectable()
export class RegistrationTokenConsumer {
  constructor(
    private readonly tokens: RegistrationTokensRepository,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  /** Consumes the token: of any number of calls at once, one succeeds. @throws REGISTRATION_TOKEN_*, ADDRESS_NOT_ALLOWED */
  async consume(tx: Tx, request: RegisterAgentRequest, origin: RequestOrigin): Promise<RegistrationTokenEntity> {
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
