import { Body, Post } from '@nestjs/common';
import type { HeartbeatResponse, ReportServicesResponse, RotateAgentTokenResponse } from '#contracts';
import type { AgentActor } from '../../../common/actor.js';
import { AgentAccess, AgentController, CurrentAgent } from '../../../http/access.js';
import { ReportServicesBody } from '../reports/dto/report.dto.js';
import { ServiceReportsService } from '../reports/service-reports.service.js';
import { AgentTokenRotation } from '../tokens/agent-tokens.service.js';
import { HeartbeatBody } from './dto/heartbeat.dto.js';
import { HeartbeatService } from './heartbeat.service.js';

/** What an agent tells about itself and its services; its commands have routes of their own. */
@AgentController()
export class AgentApiController {
  constructor(
    private readonly heartbeats: HeartbeatService,
    private readonly reports: ServiceReportsService,
    private readonly tokens: AgentTokenRotation,
  ) {}

  /** Records that the agent is alive, and the health it reports. */
  @Post(':agentId/heartbeat')
  @AgentAccess()
  heartbeat(@CurrentAgent() agent: AgentActor, @Body() body: HeartbeatBody): Promise<HeartbeatResponse> {
    return this.heartbeats.receive(agent, body);
  }

  /** Stores a report of the agent's services; one that repeats what is known only updates the time of the last report. */
  @Post(':agentId/services/report')
  @AgentAccess()
  report(@CurrentAgent() agent: AgentActor, @Body() body: ReportServicesBody): Promise<ReportServicesResponse> {
    return this.reports.submit(agent, body);
  }

  /** Gives the agent a new token, shown once. The one it called with ends when the new one is used, or in ten minutes. */
  @Post(':agentId/token')
  @AgentAccess()
  rotateToken(@CurrentAgent() agent: AgentActor): Promise<RotateAgentTokenResponse> {
    return this.tokens.rotate(agent);
  }
}
