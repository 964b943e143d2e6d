import { Injectable } from '@nestjs/common';
import type { AgentId, CapsuleServiceDetail, CapsuleServiceId } from '#contracts';
import type { UserActor } from '../../common/http/identity.js';
import { Database } from '../../database/database.js';
import { CapsuleServiceCatalog } from '../services/capsule-service-catalog.js';
import { ServiceOwnership } from '../services/service-ownership.js';
import { AbleAgents } from './able-agents.js';
import { CommandCancellation } from './command-cancellation.js';

/** Moves services to other agents: with what waits for them, this is more than the services know of. */
@Injectable()
export class ServiceMoves {
  constructor(
    private readonly db: Database,
    private readonly ownership: ServiceOwnership,
    private readonly agents: AbleAgents,
    private readonly cancellation: CommandCancellation,
    private readonly catalog: CapsuleServiceCatalog,
  ) {}

  /**
   * Gives the service to an agent that is there to report it: to any other, its present one would take it back with the
   * next report. Commands that wait are cancelled; one that runs ends with the agent that runs it. Repeating it changes
   * nothing.
   * @throws CAPSULE_SERVICE_NOT_FOUND, AGENT_NOT_FOUND; AGENT_OFFLINE, AGENT_DISABLED, AGENT_REVOKED, AGENT_NOT_READY,
   * AGENT_HEARTBEAT_STALE (all 409)
   */
  async move(actor: UserActor, id: CapsuleServiceId, agentId: AgentId): Promise<CapsuleServiceDetail> {
    await this.db.transaction(async (tx) => {
      const shown = await this.ownership.hold(tx, id);
      if (shown.agent.id === agentId) return;
      await this.ownership.give(tx, actor, shown, await this.agents.get(tx, agentId));
      await this.cancellation.cancelWaiting(tx, actor, id);
    });
    return this.catalog.getById(id);
  }
}
