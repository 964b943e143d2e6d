import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import type { AgentActor } from '../../common/http/identity.js';
import { originOf } from '../../common/http/request-origin.js';
import { letIn } from '../agents/agent-credentials.js';
import { agentIdMismatch, agentTokenUnknown } from '../agents/agent.errors.js';
import { SampledAudit } from '../audit/sampled-audit.js';
import { AgentAllowance } from './agent-allowance.js';
import { BearerStrategy, type ShownAgent } from './bearer.strategy.js';
import { identify } from './identify.js';

/** Decides whether a request is an agent's, by its bearer token, and about that agent itself. */
@Injectable()
export class AgentAccess {
  constructor(
    private readonly strategy: BearerStrategy,
    private readonly sampled: SampledAudit,
    private readonly allowance: AgentAllowance,
  ) {}

  /**
   * Leaves the agent on the request.
   * @throws UNAUTHORIZED, AGENT_ID_MISMATCH, AGENT_DISABLED, AGENT_REVOKED, RATE_LIMITED
   */
  async admit(request: Request, maxBytes: number): Promise<true> {
    const shown = await identify<ShownAgent>(this.strategy, request);
    if (!shown) return this.#reject(request);
    const { agent, tokenHash } = shown;
    const { agentId } = request.params;
    if (agentId !== undefined && agentId !== agent.id) throw agentIdMismatch();
    const { id, code, status } = letIn(agent);
    const user: AgentActor = { kind: 'agent', id, code, status, tokenHash, origin: originOf(request) };
    this.allowance.spend(agent.id, request, maxBytes);
    Object.assign(request, { user });
    return true;
  }

  /** The body of an admitted request has come. */
  settle(request: Request, bytes: number): void {
    this.allowance.settle(request, bytes);
  }

  async #reject(request: Request): Promise<never> {
    await this.sampled.record({
      actor: { kind: 'unknown-agent', origin: originOf(request) },
      action: 'agent_token.rejected',
      target: { type: 'Agent', id: null },
      message: 'A request without a valid agent token was refused.',
      metadata: { path: request.path.slice(0, 200) },
    });
    throw agentTokenUnknown();
  }
}
