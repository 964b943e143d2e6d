import { Body, Post } from '@nestjs/common';
import type { HeartbeatResponse, ReportServicesResponse, RotateAgentTokenResponse } from '#contracts';
import type { AgentActor } from '../../../common/actor.js';
import { AgentAccess, AgentController, CurrentAgent } from '../../../http/access.js';
import { ReportServicesBody } from '../reports/dto/report.dto.js';
import { ServiceReportsService } from '../reports/service-reports.service.js';
import { AgentTokensService } from '../tokens/agent-tokens.service.js';
import { HeartbeatBody } from './dto/heartbeat.dto.js';
import { HeartbeatService } from './heartbeat.service.js';

/** An agent's routes for itself and its services; those for its commands are in the commands module. */
@AgentController()
export class AgentApiController {
  constructor(
    private readonly heartbeats: HeartbeatService,
    private readonly reports: ServiceReportsService,
    private readonly tokens: AgentTokensService,
  ) {}

  /** Records that the agent is alive, and the health it reports. */
  @Post(':agentId/heartbeat')
  @AgentAccess()
  heartbeat(@CurrentAgent() agent: AgentActor, @Body() body: HeartbeatBody): Promise<HeartbeatResponse> {
    return this.heartbeats.receive(agent, body);
  }

  /** Stores a report of the agent's services; a report that repeats the last one only updates its time. */
  @Post(':agentId/services/report')
  @AgentAccess()
  report(@CurrentAgent() agent: AgentActor, @Body() body: ReportServicesBody): Promise<ReportServicesResponse> {
    return this.reports.submit(agent, body);
  }

  /** Returns a new token, shown once. The current token ends when the new one is first used, or after ten minutes. */
  @Post(':agentId/token')
  @AgentAccess()
  rotateToken(@CurrentAgent() agent: AgentActor): Promise<RotateAgentTokenResponse> {
    return this.tokens.rotate(agent);
  }
}
