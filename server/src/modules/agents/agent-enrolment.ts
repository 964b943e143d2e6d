import { Injectable } from '@nestjs/common';
import { AGENT_TOKEN_PREFIX, type AgentDescription, type AgentStatus } from '#contracts';
import { hashToken, makeToken } from '../../common/crypto/tokens.js';
import type { AgentActor, RequestOrigin } from '../../common/http/identity.js';
import { Ids } from '../../common/ids/ids.js';
import { Clock } from '../../common/time/clock.js';
import type { Tx } from '../../database/tx.js';
import { AuditService } from '../audit/audit.service.js';
import { AgentTokensRepository } from './agent-tokens.repository.js';
import type { AgentEntity } from './agent.entity.js';
import { agentCodeTaken } from './agent.errors.js';
import { AgentsRepository } from './agents.repository.js';
import { OfflineThreshold } from './offline-threshold.js';

interface EnrolmentRequest {
  readonly description: AgentDescription;
  /** The registration token was made for this very agent code. */
  readonly isMadeForAgent: boolean;
  readonly origin: RequestOrigin;
}

export interface Enrolment {
  readonly actor: AgentActor;
  /** The plaintext; it exists only in the answer. */
  readonly agentToken: string;
}

/** Takes an agent in, or takes it back, within the transaction that consumes its registration token. */
@Injectable()
export class AgentEnrolment {
  constructor(
    private readonly agents: AgentsRepository,
    private readonly tokens: AgentTokensRepository,
    private readonly threshold: OfflineThreshold,
    private readonly audit: AuditService,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /** @throws AGENT_CODE_TAKEN when the agent is live or was revoked and the token was not made for it */
  async enrol(tx: Tx, request: EnrolmentRequest): Promise<Enrolment> {
    const known = await this.agents.findByCode(request.description.code, tx);
    if (known && !request.isMadeForAgent && this.#isFenced(known)) throw agentCodeTaken(known.code);
    const agent = known ? await this.#takeBack(tx, known, request) : await this.#takeIn(tx, request);
    const actor = {
      kind: 'agent',
      id: agent.id,
      code: agent.code,
      status: agent.status,
      origin: request.origin,
    } as const;
    const agentToken = await this.#issueToken(tx, actor);
    await this.audit.record(tx, {
      actor,
      action: 'agent.registered',
      target: { type: 'Agent', id: agent.id },
      message: known ? `Agent ${agent.code} registered again.` : `Agent ${agent.code} registered.`,
      metadata: { code: agent.code, mode: agent.mode, version: agent.version, again: known !== null },
    });
    return { actor, agentToken };
  }

  /** Live, or revoked: nobody takes its place by knowing its code. */
  #isFenced(agent: AgentEntity): boolean {
    if (agent.status === 'REVOKED') return true;
    const heard = agent.lastHeartbeatAt?.getTime() ?? 0;
    return agent.status === 'ONLINE' && heard >= this.threshold.cutoff().getTime();
  }

  async #takeIn(tx: Tx, { description }: EnrolmentRequest): Promise<AgentEntity> {
    const now = this.clock.now();
    const agent: AgentEntity = {
      id: this.ids.make('agt'),
      code: description.code,
      ...describedColumns(description),
      status: 'ONLINE',
      registeredAt: now,
      lastHeartbeatAt: now,
      heartbeatAuditedAt: null,
      createdAt: now,
      updatedAt: now,
    };
    await this.agents.insert(agent, tx);
    return agent;
  }

  async #takeBack(tx: Tx, known: AgentEntity, { description }: EnrolmentRequest): Promise<AgentEntity> {
    const now = this.clock.now();
    const status: AgentStatus = known.status === 'DISABLED' ? 'DISABLED' : 'ONLINE';
    const changes = {
      ...describedColumns(description),
      status,
      registeredAt: now,
      lastHeartbeatAt: now,
      updatedAt: now,
    };
    await this.agents.change(known.id, changes, tx);
    return { ...known, ...changes };
  }

  async #issueToken(tx: Tx, actor: AgentActor): Promise<string> {
    const now = this.clock.now();
    const replaced = await this.tokens.revokeAll(actor.id, now, tx);
    const token = makeToken(AGENT_TOKEN_PREFIX);
    await this.tokens.insert(
      {
        id: this.ids.make('atk'),
        agentId: actor.id,
        tokenHash: hashToken(token),
        createdAt: now,
        revokedAt: null,
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
    return token;
  }
}

const describedColumns = (description: AgentDescription) => ({
  name: description.name ?? description.code,
  mode: description.mode ?? 'embedded',
  runtime: description.runtime ?? null,
  version: description.version ?? null,
  hostname: description.hostname ?? null,
  os: description.os ?? null,
  arch: description.arch ?? null,
});
