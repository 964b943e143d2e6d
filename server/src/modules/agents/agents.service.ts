import { Injectable } from '@nestjs/common';
import { type AgentId, AgentStatus, type AgentSummary, type AuditAction, type Counts } from '#contracts';
import { actorName, type SystemActor, type UserActor } from '../../common/actor.js';
import { Clock } from '../../common/clock.js';
import { Database } from '../../database/database.js';
import { type PageResult, parseSort, toPage } from '../../database/lists/page.js';
import type { Tx } from '../../database/tx.js';
import { AuditService } from '../audit/audit.service.js';
import { type AgentState, unavailability } from './agent-availability.js';
import { type AgentEntity, toAgentSummary } from './agent.entity.js';
import { agentNotFound, agentUnavailable, revokedAgentStays } from './agents.errors.js';
import { AgentsRepository, type AgentWithCount } from './agents.repository.js';
import type { ListAgentsQuery } from './dto/agents.dto.js';
import { SilenceThresholds } from './liveness/silence-thresholds.js';

const SORT_FIELDS = {
  createdAt: 'createdAt',
  lastSeenAt: 'lastHeartbeatAt',
  lastHeartbeatAt: 'lastHeartbeatAt',
  name: 'name',
} as const;

interface Move {
  readonly from: readonly AgentStatus[];
  readonly to: AgentStatus;
  readonly action: AuditAction;
  readonly verb: string;
}

const DISABLE: Move = {
  from: ['PENDING', 'ONLINE', 'OFFLINE'],
  to: 'DISABLED',
  action: 'agent.disabled',
  verb: 'disabled',
};
/** It is offline until it is heard of. */
const ENABLE: Move = { from: ['DISABLED'], to: 'OFFLINE', action: 'agent.enabled', verb: 'enabled' };
const REVOKE: Move = {
  from: ['PENDING', 'ONLINE', 'OFFLINE', 'DISABLED'],
  to: 'REVOKED',
  action: 'agent.revoked',
  verb: 'revoked',
};

@Injectable()
export class AgentsService {
  constructor(
    private readonly db: Database,
    private readonly agents: AgentsRepository,
    private readonly thresholds: SilenceThresholds,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  /** Lists agents, most recently seen first. */
  async list(query: ListAgentsQuery): Promise<PageResult<AgentSummary>> {
    const sort = parseSort(query.sort, SORT_FIELDS, [{ field: 'lastHeartbeatAt', direction: 'DESC' }]);
    return toPage(query, await this.agents.list(query, { ...query, sort }), toAgentSummary);
  }

  /** @throws AGENT_NOT_FOUND */
  async getById(id: AgentId): Promise<AgentSummary> {
    return toAgentSummary(await this.#getWithCount(id));
  }

  async counts(): Promise<Counts<AgentStatus>> {
    const zero = { PENDING: 0, ONLINE: 0, OFFLINE: 0, DISABLED: 0, REVOKED: 0 };
    const counted = (await this.agents.countByStatus()).map(({ status, count }) => [status, count] as const);
    return { ...zero, ...Object.fromEntries(counted) };
  }

  /** Shuts the agent out until it is enabled; repeating it changes nothing. @throws AGENT_NOT_FOUND, AGENT_REVOKED */
  disable(actor: UserActor, id: AgentId): Promise<AgentSummary> {
    return this.#move(actor, id, DISABLE);
  }

  /** Lets a disabled agent in again; repeating it changes nothing. @throws AGENT_NOT_FOUND, AGENT_REVOKED */
  enable(actor: UserActor, id: AgentId): Promise<AgentSummary> {
    return this.#move(actor, id, ENABLE);
  }

  /** Withdraws an agent's access until it registers again; repeating it changes nothing. @throws AGENT_NOT_FOUND */
  revoke(actor: UserActor | SystemActor, id: AgentId): Promise<AgentSummary> {
    return this.#move(actor, id, REVOKE);
  }

  /** The agent, if it can take a command now. @throws AGENT_NOT_FOUND, and as {@link requireAvailable} */
  async getAvailable(tx: Tx, id: AgentId): Promise<AgentEntity> {
    const agent = await this.agents.findById(id, tx);
    if (!agent) throw agentNotFound(id);
    this.requireAvailable(agent);
    return agent;
  }

  /** @throws AGENT_OFFLINE, AGENT_DISABLED, AGENT_REVOKED, AGENT_NOT_READY, AGENT_HEARTBEAT_STALE (all 409) */
  requireAvailable(agent: AgentState): void {
    const problem = unavailability(agent, this.thresholds.cutoff());
    if (problem) throw agentUnavailable(problem);
  }

  async #move(actor: UserActor | SystemActor, id: AgentId, { from, to, action, verb }: Move): Promise<AgentSummary> {
    return this.db.transaction(async (tx) => {
      const moved = await this.agents.moveStatus(id, from, to, this.clock.now(), tx);
      const found = await this.#getWithCount(id, tx);
      if (found.agent.status === 'REVOKED' && to !== 'REVOKED') throw revokedAgentStays(found.agent.code);
      if (moved) {
        await this.audit.record(tx, {
          actor,
          action,
          target: { type: 'Agent', id },
          message: `${actorName(actor)} ${verb} agent ${found.agent.code}.`,
          metadata: { code: found.agent.code },
        });
      }
      return toAgentSummary(found);
    });
  }

  async #getWithCount(id: AgentId, tx?: Tx): Promise<AgentWithCount> {
    const found = await this.agents.findWithCount(id, tx);
    if (!found) throw agentNotFound(id);
    return found;
  }
}
