import { Injectable } from '@nestjs/common';
import type { AgentDetail, AgentId, AgentStatus, AgentSummary, AuditAction, Counts } from '#contracts';
import { actorName, type SystemActor, type UserActor } from '../../common/actor.js';
import { Clock } from '../../common/clock.js';
import { Database } from '../../database/database.js';
import { type PageResult, parseSort, toPage } from '../../database/lists/page.js';
import type { Tx } from '../../database/tx.js';
import { AuditService } from '../audit/audit.service.js';
import { type AgentState, unavailability } from './agent-availability.js';
import { type AgentEntity, type AgentWithCount, toAgentSummary } from './agent.entity.js';
import { agentNotFound, agentUnavailable, agentStaysRevoked } from './agents.errors.js';
import { AgentsRepository } from './agents.repository.js';
import type { ListAgentsQuery } from './dto/agents.dto.js';
import { SilenceThresholds } from './liveness/silence-thresholds.js';
import { toCapsuleService } from './services/capsule-service.mapper.js';
import { CapsuleServicesRepository } from './services/capsule-services.repository.js';

const SORT_FIELDS = {
  createdAt: 'createdAt',
  lastSeenAt: 'lastHeartbeatAt',
  lastHeartbeatAt: 'lastHeartbeatAt',
  name: 'name',
} as const;

/** A change of an agent's status by an operator. */
interface Transition {
  readonly from: readonly AgentStatus[];
  readonly to: AgentStatus;
  readonly action: AuditAction;
  readonly verb: string;
}

const DISABLE: Transition = {
  from: ['PENDING', 'ONLINE', 'OFFLINE'],
  to: 'DISABLED',
  action: 'agent.disabled',
  verb: 'disabled',
};
/** The agent is offline until it calls. */
const ENABLE: Transition = { from: ['DISABLED'], to: 'OFFLINE', action: 'agent.enabled', verb: 'enabled' };
const REVOKE: Transition = {
  from: ['PENDING', 'ONLINE', 'OFFLINE', 'DISABLED'],
  to: 'REVOKED',
  action: 'agent.revoked',
  verb: 'revoked',
};

/** Shows agents, and disables, enables and revokes them. */
@Injectable()
export class AgentsService {
  constructor(
    private readonly db: Database,
    private readonly agents: AgentsRepository,
    private readonly services: CapsuleServicesRepository,
    private readonly thresholds: SilenceThresholds,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  /** Lists agents, most recently seen first. */
  async list(query: ListAgentsQuery): Promise<PageResult<AgentSummary>> {
    const sort = parseSort(query.sort, SORT_FIELDS, [{ field: 'lastHeartbeatAt', direction: 'DESC' }]);
    return toPage(query, await this.agents.list(query, { ...query, sort }), toAgentSummary);
  }

  /** The agent with its services. @throws AGENT_NOT_FOUND */
  async getById(id: AgentId): Promise<AgentDetail> {
    const agent = toAgentSummary(await this.#getWithCount(id));
    return { ...agent, services: (await this.services.listOfAgent(id)).map(toCapsuleService) };
  }

  /** The id of the agent with this code; null when there is none. */
  async findIdByCode(code: string): Promise<AgentId | null> {
    return (await this.agents.findByCode(code))?.id ?? null;
  }

  /** How many agents have each status. */
  async counts(): Promise<Counts<AgentStatus>> {
    const zero = { PENDING: 0, ONLINE: 0, OFFLINE: 0, DISABLED: 0, REVOKED: 0 };
    const counted = (await this.agents.countByStatus()).map(({ status, count }) => [status, count] as const);
    return { ...zero, ...Object.fromEntries(counted) };
  }

  /** How many agents count as online although they have been silent for longer than the offline threshold. */
  countSilent(): Promise<number> {
    return this.agents.countSilent(this.thresholds.agentCutoff());
  }

  /** Refuses the agent's requests until it is enabled; repeating it changes nothing. @throws AGENT_NOT_FOUND, AGENT_REVOKED */
  disable(actor: UserActor, id: AgentId): Promise<AgentSummary> {
    return this.#change(actor, id, DISABLE);
  }

  /** Accepts a disabled agent again; repeating it changes nothing. @throws AGENT_NOT_FOUND, AGENT_REVOKED */
  enable(actor: UserActor, id: AgentId): Promise<AgentSummary> {
    return this.#change(actor, id, ENABLE);
  }

  /** Withdraws an agent's access until it registers again; repeating it changes nothing. @throws AGENT_NOT_FOUND */
  revoke(actor: UserActor | SystemActor, id: AgentId): Promise<AgentSummary> {
    return this.#change(actor, id, REVOKE);
  }

  /** The agent, if it can take a command now. @throws AGENT_NOT_FOUND, and what {@link requireAvailable} throws */
  async getAvailable(tx: Tx, id: AgentId): Promise<AgentEntity> {
    const agent = await this.agents.findById(id, tx);
    if (!agent) throw agentNotFound(id);
    this.requireAvailable(agent);
    return agent;
  }

  /**
   * Checks that the agent can take a command now.
   * @throws AGENT_OFFLINE, AGENT_DISABLED, AGENT_REVOKED, AGENT_NOT_READY, AGENT_HEARTBEAT_STALE (all 409)
   */
  requireAvailable(agent: AgentState): void {
    const problem = unavailability(agent, this.thresholds.agentCutoff());
    if (problem) throw agentUnavailable(problem);
  }

  async #change(
    actor: UserActor | SystemActor,
    id: AgentId,
    { from, to, action, verb }: Transition,
  ): Promise<AgentSummary> {
    return this.db.transaction(async (tx) => {
      const isChanged = await this.agents.changeStatus(id, { from, to, at: this.clock.now() }, tx);
      const found = await this.#getWithCount(id, tx);
      if (found.agent.status === 'REVOKED' && to !== 'REVOKED') throw agentStaysRevoked(found.agent.code);
      if (isChanged) {
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
