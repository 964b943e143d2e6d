import { Injectable } from '@nestjs/common';
import { AGENT_TOKEN_PREFIX, type AgentDescription } from '#contracts';
import type { AgentActor, ClientInfo } from '../../common/actor.js';
import { Clock } from '../../common/clock.js';
import { hashToken, makeToken } from '../../common/crypto/hashes.js';
import { Ids } from '../../common/ids.js';
import type { Tx } from '../../database/tx.js';
import { AuditService } from '../audit/audit.service.js';
import type { AgentEntity } from './agent.entity.js';
import { agentCodeTaken } from './agents.errors.js';
import { AgentsRepository, type Registration } from './agents.repository.js';
import { SilenceThresholds } from './liveness/silence-thresholds.js';
import { AgentTokensRepository } from './tokens/agent-tokens.repository.js';

interface EnrolmentRequest {
  readonly description: AgentDescription;
  /** The registration token was made for this very agent code. */
  readonly isMadeForAgent: boolean;
  readonly origin: ClientInfo;
}

export interface Enrolment {
  readonly actor: AgentActor;
  /** The plaintext; it exists only in the answer. */
  readonly agentToken: string;
}

/** Takes an agent in, or takes it back, within the transaction that consumes its registration token. */
@Injectable()
export class AgentEnrolmentService {
  constructor(
    private readonly agents: AgentsRepository,
    private readonly tokens: AgentTokensRepository,
    private readonly threshold: SilenceThresholds,
    private readonly audit: AuditService,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /** @throws AGENT_CODE_TAKEN when the agent is live or was revoked and the token was not made for it */
  async enrol(tx: Tx, request: EnrolmentRequest): Promise<Enrolment> {
    const known = await this.agents.findByCode(request.description.code, tx);
    const agent = known ? await this.#takeBack(tx, known, request) : await this.#takeIn(tx, request);
    const agentToken = makeToken(AGENT_TOKEN_PREFIX);
    const { id, code, status } = agent;
    const actor = {
      kind: 'agent',
      id,
      code,
      status,
      tokenHash: hashToken(agentToken),
      origin: request.origin,
    } as const;
    await this.#keepToken(tx, actor);
    await this.audit.record(tx, {
      actor,
      action: 'agent.registered',
      target: { type: 'Agent', id: agent.id },
      message: known ? `Agent ${agent.code} registered again.` : `Agent ${agent.code} registered.`,
      metadata: { code: agent.code, mode: agent.mode, version: agent.version, again: known !== null },
    });
    return { actor, agentToken };
  }

  async #takeIn(tx: Tx, { description }: EnrolmentRequest): Promise<AgentEntity> {
    const registration = this.#registration(description);
    const agent: AgentEntity = {
      id: this.ids.make('agt'),
      code: description.code,
      ...registration,
      status: 'ONLINE',
      heartbeatAuditedAt: null,
      createdAt: registration.registeredAt,
    };
    await this.agents.insert(agent, tx);
    return agent;
  }

  /** Live, or revoked: nobody takes an agent's place by knowing its code. */
  async #takeBack(tx: Tx, known: AgentEntity, request: EnrolmentRequest): Promise<AgentEntity> {
    const liveSince = request.isMadeForAgent ? null : this.threshold.cutoff();
    const isTaken = await this.agents.reregister(known.id, this.#registration(request.description), liveSince, tx);
    const agent = isTaken ? await this.agents.findById(known.id, tx) : null;
    if (!agent) throw agentCodeTaken(known.code);
    return agent;
  }

  #registration(description: AgentDescription): Registration {
    const now = this.clock.now();
    return {
      name: description.name ?? description.code,
      mode: description.mode ?? 'embedded',
      runtime: description.runtime ?? null,
      version: description.version ?? null,
      hostname: description.hostname ?? null,
      os: description.os ?? null,
      arch: description.arch ?? null,
      registeredAt: now,
      lastHeartbeatAt: now,
      updatedAt: now,
    };
  }

  /** From now on the agent's token is the one it was given with this registration. */
  async #keepToken(tx: Tx, actor: AgentActor): Promise<void> {
    const now = this.clock.now();
    const replaced = await this.tokens.revokeAll(actor.id, now, tx);
    await this.tokens.insert(
      {
        id: this.ids.make('atk'),
        agentId: actor.id,
        tokenHash: actor.tokenHash,
        createdAt: now,
        revokedAt: null,
        retiresAt: null,
      },
      tx,
    );
    if (replaced > 0) {
      await this.audit.record(tx, {
        actor,
        action: 'agent.token.rotated',
        target: { type: 'Agent', id: actor.id },
        message: `Agent ${actor.code} got a new token; its older ones were revoked.`,
        metadata: { revokedTokens: replaced },
      });
    }
  }
}
