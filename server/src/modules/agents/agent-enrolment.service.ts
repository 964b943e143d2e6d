import { Injectable } from '@nestjs/common';
import { AGENT_TOKEN_PREFIX, type AgentDescription, type AgentId } from '#contracts';
import type { AgentActor, ClientInfo } from '../../common/actor.js';
import { Clock } from '../../common/clock.js';
import { hashToken, makeToken } from '../../common/crypto/hashes.js';
import { Ids } from '../../common/ids.js';
import type { Tx } from '../../database/tx.js';
import { AuditService } from '../audit/audit.service.js';
import type { AgentEntity } from './agent.entity.js';
import { agentCodeNotFreeYet, agentCodeTaken } from './agents.errors.js';
import { AgentsRepository, type Registration } from './agents.repository.js';
import { SilenceThresholds } from './liveness/silence-thresholds.js';
import { AgentTokensRepository } from './tokens/agent-tokens.repository.js';

/** A registration whose token was accepted. */
export interface EnrolmentRequest {
  readonly description: AgentDescription;
  /** Whether the registration token was made for this agent code. */
  readonly isMadeForAgent: boolean;
  /** The agent's own key for this registration; see {@link AgentEnrolmentService.repeat}. */
  readonly enrolmentKey?: string;
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
    const enrolment = enrolmentOf(agent, request.origin);
    await this.#replaceTokens(tx, enrolment.actor, request.enrolmentKey);
    await this.audit.record(tx, {
      actor: enrolment.actor,
      action: 'agent.registered',
      target: { type: 'Agent', id: agent.id },
      message: known ? `Agent ${agent.code} registered again.` : `Agent ${agent.code} registered.`,
      metadata: { code: agent.code, mode: agent.mode, version: agent.version, again: known !== null },
    });
    return enrolment;
  }

  /**
   * Answers a registration again whose answer was lost: the same agent with the same key gets a fresh token in place of the
   * one it never used. Null when this is not such a case.
   */
  async repeat(
    tx: Tx,
    id: AgentId,
    request: EnrolmentRequest & { readonly enrolmentKey: string },
  ): Promise<Enrolment | null> {
    const agent = await this.agents.findById(id, tx);
    if (agent?.code !== request.description.code || agent.status === 'REVOKED') return null;
    const { origin, enrolmentKey } = request;
    if (!(await this.tokens.revokeUnused(id, hashToken(enrolmentKey), this.clock.now(), tx))) return null;
    const enrolment = enrolmentOf(agent, origin);
    await this.#replaceTokens(tx, enrolment.actor, enrolmentKey);
    await this.audit.record(tx, {
      actor: enrolment.actor,
      action: 'agent.registered',
      target: { type: 'Agent', id },
      message: `Agent ${agent.code} repeated its registration, whose answer was lost; it got another token.`,
      metadata: { code: agent.code, mode: agent.mode, version: agent.version, again: true, repeated: true },
    });
    return enrolment;
  }

  async #register(tx: Tx, { description }: EnrolmentRequest): Promise<AgentEntity> {
    const registration = this.#registration(description);
    const agent: AgentEntity = {
      id: this.ids.make('agt'),
      code: description.code,
      ...registration,
      status: 'ONLINE',
      heartbeatAuditedAt: null,
      warnings: null,
      createdAt: registration.registeredAt,
    };
    await this.agents.insert(agent, tx);
    return agent;
  }

  /**
   * Knowing the code of a live or revoked agent is not enough to take its place. While the server listens it does not know
   * who is live, so no code is free.
   */
  async #reregister(tx: Tx, known: AgentEntity, request: EnrolmentRequest): Promise<AgentEntity> {
    const liveSince = request.isMadeForAgent ? null : this.thresholds.agentCutoff();
    const listeningSeconds = liveSince && this.thresholds.listeningSeconds();
    if (listeningSeconds) throw agentCodeNotFreeYet(known.code, listeningSeconds);
    const isStored = await this.agents.reregister(known.id, this.#registration(request.description), liveSince, tx);
    const agent = isStored ? await this.agents.findById(known.id, tx) : null;
    if (!agent) throw agentCodeTaken(known);
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
  async #replaceTokens(tx: Tx, actor: AgentActor, enrolmentKey: string | undefined): Promise<void> {
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
        enrolmentKeyHash: enrolmentKey === undefined ? null : hashToken(enrolmentKey),
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

/** The agent with a new token. */
const enrolmentOf = ({ id, code, status }: AgentEntity, origin: ClientInfo): Enrolment => {
  const agentToken = makeToken(AGENT_TOKEN_PREFIX);
  return { agentToken, actor: { kind: 'agent', id, code, status, tokenHash: hashToken(agentToken), origin } };
};
