import { Injectable } from '@nestjs/common';
import type { AgentId } from '#contracts';
import type { Tx } from '../../database/tx.js';
import type { AgentEntity } from '../agents/agent.entity.js';
import { agentNotFound } from '../agents/agent.errors.js';
import { AgentsRepository } from '../agents/agents.repository.js';
import { OfflineThreshold } from '../agents/offline-threshold.js';
import { agentProblem } from './command-lifecycle.js';
import { agentNotAble } from './command.errors.js';

/** Finds agents that could take a command now. */
@Injectable()
export class AbleAgents {
  constructor(
    private readonly agents: AgentsRepository,
    private readonly threshold: OfflineThreshold,
  ) {}

  /** @throws AGENT_NOT_FOUND; AGENT_OFFLINE, AGENT_DISABLED, AGENT_REVOKED, AGENT_NOT_READY, AGENT_HEARTBEAT_STALE (all 409) */
  async get(tx: Tx, id: AgentId): Promise<AgentEntity> {
    const agent = await this.agents.findById(id, tx);
    if (!agent) throw agentNotFound(id);
    const problem = agentProblem(agent, this.threshold.cutoff());
    if (problem) throw agentNotAble(problem);
    return agent;
  }
}
