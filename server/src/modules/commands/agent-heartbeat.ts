import { Injectable } from '@nestjs/common';
import type { HeartbeatRequest, HeartbeatResponse } from '#contracts';
import type { AgentActor } from '../../common/http/identity.js';
import { Clock } from '../../common/time/clock.js';
import { AppConfig } from '../../config/app-config.js';
import { Database } from '../../database/database.js';
import { AgentLiveness } from '../agents/agent-liveness.js';
import { ServiceReporting } from '../services/service-reporting.js';
import { CommandsRepository } from './commands.repository.js';

/** An agent that has not noticed a cancellation by then is no longer running the command. */
const CANCEL_NOTICE_SECONDS = 600;

/** Takes heartbeats, and tells the agent what it should know. */
@Injectable()
export class AgentHeartbeat {
  constructor(
    private readonly db: Database,
    private readonly liveness: AgentLiveness,
    private readonly reporting: ServiceReporting,
    private readonly commands: CommandsRepository,
    private readonly config: AppConfig,
    private readonly clock: Clock,
  ) {}

  /** Notes that the agent is alive and the health it brings; answers with the cadence and commands it should stop. */
  async receive(agent: AgentActor, heartbeat: HeartbeatRequest): Promise<HeartbeatResponse> {
    await this.db.transaction(async (tx) => {
      await this.liveness.recordHeartbeat(tx, agent);
      await this.reporting.applyHeartbeat(tx, agent, heartbeat);
    });
    const since = this.clock.secondsFromNow(-CANCEL_NOTICE_SECONDS);
    return {
      heartbeatIntervalSeconds: this.config.agentHeartbeatIntervalSeconds,
      commandPollIntervalSeconds: this.config.commandPollIntervalSeconds,
      cancelledCommandIds: await this.commands.listCancelledWhileRunning(agent.id, since),
    };
  }
}
