import { Injectable } from '@nestjs/common';
import type { HeartbeatRequest, HeartbeatResponse } from '#contracts';
import type { AgentActor } from '../../common/http/identity.js';
import { AgentCadence } from '../agents/agent-cadence.js';
import { AgentLiveness } from '../agents/agent-liveness.js';
import { AgentTokenAge } from '../agents/agent-token-age.js';
import { HeartbeatAudit } from '../agents/heartbeat-audit.js';
import { HeartbeatHealth } from '../services/heartbeat-health.js';
import { CancelNotices } from './cancel-notices.js';

/** Takes heartbeats, and tells the agent what it should know. */
@Injectable()
export class AgentHeartbeat {
  constructor(
    private readonly liveness: AgentLiveness,
    private readonly audit: HeartbeatAudit,
    private readonly health: HeartbeatHealth,
    private readonly notices: CancelNotices,
    private readonly cadence: AgentCadence,
    private readonly tokenAge: AgentTokenAge,
  ) {}

  /** Notes that the agent is alive and the health it brings; answers with the cadence, commands it should stop, and whether its
   * token is due. */
  async receive(agent: AgentActor, heartbeat: HeartbeatRequest): Promise<HeartbeatResponse> {
    await this.liveness.markSeen(agent);
    await this.audit.note(agent);
    await this.health.apply(agent, heartbeat);
    return {
      ...this.cadence.current(),
      cancelledCommandIds: await this.notices.of(agent.id),
      ...((await this.tokenAge.isDue(agent)) && { rotateToken: true }),
    };
  }
}
