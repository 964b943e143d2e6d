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

/** A registration whose token was accepted. */
interface EnrolmentRequest {
  readonly description: AgentDescription;
  /** Whether the registration token was made for this agent code. */
  readonly isMadeForAgent: boolean;
  readonly origin: ClientInfo;
}

/** A registered agent and its new token. */
export interface Enrolment {
  readonly actor: AgentActor;
  /** In plain text; only its hash is stored. */
  readonly agentToken: string;
}

/** Registers agents, new and known ones, within the transaction that consumes the registration token. */
@Injectable()
export class AgentEnrolmentService {
  constructor(
    private readonly agents: AgentsRepository,
    private readonly tokens: AgentTokensRepository,
    private readonly thresholds: SilenceThresholds,
    private readonly audit: AuditService,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /**
   * Registers the agent and gives it a token.
   * @throws AGENT_CODE_TAKEN when the agent is live or revoked and the registration token was not made for it
   */
  async enrol(tx: Tx, request: EnrolmentRequest): Promise<Enrolment> {
    const known = await this.agents.findByCode(request.description.code, tx);
    const agent = known ? await this.#reregister(tx, known, request) : await this.#register(tx, request);
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
    await this.#replaceTokens(tx, actor);
    await this.audit.record(tx, {
      actor,
      action: 'agent.registered',
      target: { type: 'Agent', id: agent.id },
      message: known ? `Agent ${agent.code} registered again.` : `Agent ${agent.code} registered.`,
      metadata: { code: agent.code, mode: agent.mode, version: agent.version, again: known !== null },
    });
    return { actor, agentToken };
  }

  async #register(tx: Tx, { description }: EnrolmentRequest): Promise<AgentEntity> {
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

  /** Knowing the code of a live or revoked agent is not enough to take its place. */
  async #reregister(tx: Tx, known: AgentEntity, request: EnrolmentRequest): Promise<AgentEntity> {
    const liveSince = request.isMadeForAgent ? null : this.thresholds.agentCutoff();
    const isStored = await this.agents.reregister(known.id, this.#registration(request.description), liveSince, tx);
    const agent = isStored ? await this.agents.findById(known.id, tx) : null;
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
      tokenReusedAt: null,
      pollsDisplacedAt: null,
      updatedAt: now,
    };
  }

  /** Makes the token of this registration the agent's only one. */
  async #replaceTokens(tx: Tx, actor: AgentActor): Promise<void> {
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
