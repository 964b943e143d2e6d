import { Body, Post } from '@nestjs/common';
import type { ReportServicesResponse, RotateAgentTokenResponse } from '#contracts';
import type { AgentActor } from '../../../common/actor.js';
import { AgentAccess, AgentController, CurrentAgent } from '../../../http/access.js';
import { ApiParam } from '../../../http/openapi/openapi-decorators.js';
import { ReportServicesBody } from '../reports/dto/report.dto.js';
import { ServiceReportsService } from '../reports/service-reports.service.js';
import { AgentTokenRotation } from '../tokens/agent-tokens.service.js';

@AgentController()
export class ServiceReportController {
  constructor(private readonly reports: ServiceReportsService) {}

  /** Takes a report of the agent's services; a report that says nothing new changes nothing but its time. */
  @Post(':agentId/services/report')
  @AgentAccess()
  @ApiParam({ name: 'agentId' })
  report(@CurrentAgent() agent: AgentActor, @Body() body: ReportServicesBody): Promise<ReportServicesResponse> {
    return this.reports.submit(agent, body);
  }
}

@AgentController()
export class AgentTokenController {
  constructor(private readonly rotation: AgentTokenRotation) {}

  /** Gives the agent a new token, shown once. The one it called with ends when the new one is used, or in ten minutes. */
  @Post(':agentId/token')
  @AgentAccess()
  @ApiParam({ name: 'agentId' })
  rotate(@CurrentAgent() agent: AgentActor): Promise<RotateAgentTokenResponse> {
    return this.rotation.rotate(agent);
  }
}
