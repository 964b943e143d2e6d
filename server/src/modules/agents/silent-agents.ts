import { Injectable } from '@nestjs/common';
import type { AgentId } from '#contracts';
import { SYSTEM } from '../../common/http/identity.js';
import { Clock } from '../../common/time/clock.js';
import { Database } from '../../database/database.js';
import { AuditService } from '../audit/audit.service.js';
import { AgentLiveness } from './agent-liveness.js';
import { AgentsRepository } from './agents.repository.js';
import { OfflineThreshold } from './offline-threshold.js';

const BATCH = 200;

/** Declares agents offline that were not heard of for the offline threshold. */
@Injectable()
export class SilentAgents {
  constructor(
    private readonly db: Database,
    private readonly agents: AgentsRepository,
    private readonly liveness: AgentLiveness,
    private readonly threshold: OfflineThreshold,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  /**
   * One bounded batch; returns the agents it declared offline. Call again while it is not empty. After the server's own
   * downtime it waits a full threshold first.
   */
  async declareOffline(): Promise<readonly AgentId[]> {
    if (!this.threshold.hasListenedLongEnough()) return [];
    await this.liveness.flush();
    const cutoff = this.threshold.cutoff();
    return this.db.transaction(async (tx) => {
      const offline: AgentId[] = [];
      for (const agent of await this.agents.listSilent(cutoff, BATCH, tx)) {
        if (!(await this.agents.markOffline(agent.id, cutoff, this.clock.now(), tx))) continue;
        offline.push(agent.id);
        await this.audit.record(tx, {
          actor: SYSTEM,
          action: 'system.agent.offline',
          target: { type: 'Agent', id: agent.id },
          message: `Agent ${agent.code} was not heard of and counts as offline.`,
          metadata: { code: agent.code, lastSeenAt: agent.lastHeartbeatAt?.toISOString() ?? null },
        });
      }
      return offline;
    });
  }
}
