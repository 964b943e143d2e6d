import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { ChangesModule } from '../changes/changes.module.js';
import { SettingsModule } from '../settings/settings.module.js';
import { AgentApiController } from './agent-api/agent-api.controller.js';
import { HeartbeatAudit, HeartbeatHealth, HeartbeatService } from './agent-api/heartbeat.service.js';
import { AgentEnrolmentService } from './agent-enrolment.service.js';
import { AgentsController } from './agents.controller.js';
import { AgentsRepository } from './agents.repository.js';
import { AgentsService } from './agents.service.js';
import { AgentLiveness, SilentAgents } from './liveness/agent-liveness.js';
import { CadenceService, EventLoopLoad } from './liveness/cadence.js';
import { SilenceThresholds, StatusCutoffs } from './liveness/silence-thresholds.js';
import { KnownServices } from './reports/known-services.js';
import { ServiceParts, ReportWriter } from './reports/report-writer.js';
import { ServiceReporting, ServiceReportsService } from './reports/service-reports.service.js';
import { CapsuleServicesController } from './services/capsule-services.controller.js';
import { CapsuleServicesRepository } from './services/capsule-services.repository.js';
import { CapsuleServicesService } from './services/capsule-services.service.js';
import { HealthReportsRepository } from './services/health/health-reports.repository.js';
import { HealthHistory, HealthRetention, ServiceHealthService } from './services/health/service-health.service.js';
import { ServiceDetailsRepository } from './services/service-details.repository.js';
import { ServiceEvents } from './services/service-events.js';
import { ServiceFreshness, StaleServices } from './services/service-freshness.js';
import { AgentTokensRepository } from './tokens/agent-tokens.repository.js';
import {
  AgentTokensService,
  AgentTokenAge,
  AgentTokenRotation,
  AgentTokenSuccession,
} from './tokens/agent-tokens.service.js';

@Module({
  imports: [ChangesModule, AuditModule, SettingsModule],
  // Routes are tried in this order: agents call theirs all the time, people now and then.
  controllers: [AgentApiController, AgentsController, CapsuleServicesController],
  providers: [
    AgentsRepository,
    AgentsService,
    AgentEnrolmentService,
    AgentLiveness,
    SilentAgents,
    SilenceThresholds,
    StatusCutoffs,
    CadenceService,
    EventLoopLoad,
    AgentTokensRepository,
    AgentTokensService,
    AgentTokenSuccession,
    AgentTokenRotation,
    AgentTokenAge,
    CapsuleServicesRepository,
    ServiceDetailsRepository,
    CapsuleServicesService,
    ServiceEvents,
    ServiceFreshness,
    StaleServices,
    HealthReportsRepository,
    ServiceHealthService,
    HealthHistory,
    HealthRetention,
    ServiceReporting,
    ServiceReportsService,
    ReportWriter,
    ServiceParts,
    KnownServices,
    HeartbeatService,
    HeartbeatAudit,
    HeartbeatHealth,
  ],
  exports: [
    AgentsService,
    AgentEnrolmentService,
    AgentLiveness,
    SilentAgents,
    CadenceService,
    AgentTokensService,
    CapsuleServicesService,
    StaleServices,
    HealthRetention,
    ServiceReporting,
    HeartbeatService,
  ],
})
export class AgentsModule {}
