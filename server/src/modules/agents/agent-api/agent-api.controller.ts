import { Body, Post } from '@nestjs/common';
import type { ReportServicesResponse } from '#contracts';
import { AgentAccess, AgentController, CurrentAgent } from '../../common/http/access.js';
import type { AgentActor } from '../../common/http/identity.js';
import { ApiParam } from '../../common/http/openapi.js';
import { ReportServicesBody } from './dto/reported-service.body.js';
import { ServiceReportIntake } from './service-report-intake.js';

@AgentController()
export class ServiceReportController {
  constructor(private readonly reports: ServiceReportIntake) {}

  /** Takes a report of the agent's services; a report that says nothing new changes nothing but its time. */
  @Post(':agentId/services/report')
  @AgentAccess()
  @ApiParam({ name: 'agentId' })
  report(@CurrentAgent() agent: AgentActor, @Body() body: ReportServicesBody): Promise<ReportServicesResponse> {
    return this.reports.take(agent, body);
  }
}
