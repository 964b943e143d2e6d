import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { ChangesModule } from '../changes/changes.module.js';
import { SettingsModule } from '../settings/settings.module.js';
import { AgentTokenController, ServiceReportController } from './agent-api/agent-api.controller.js';
import { HeartbeatAudit, HeartbeatHealth } from './agent-api/heartbeat.service.js';
import { AgentEnrolmentService } from './agent-enrolment.service.js';
import { AgentDetailController, AgentsController } from './agents.controller.js';
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
import { CapsuleServicesService, ServiceOwnership } from './services/capsule-services.service.js';
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
  controllers: [AgentsController, AgentTokenController],
  providers: [
    AgentsRepository,
    AgentTokensRepository,
    AgentsService,
    AgentEnrolmentService,
    AgentLiveness,
    HeartbeatAudit,
    AgentTokensService,
    AgentTokenSuccession,
    AgentTokenRotation,
    AgentTokenAge,
    CadenceService,
    EventLoopLoad,
    SilenceThresholds,
    SilentAgents,
  ],
  exports: [
    AgentsRepository,
    AgentsService,
    AgentEnrolmentService,
    AgentLiveness,
    HeartbeatAudit,
    AgentTokensService,
    AgentTokenAge,
    CadenceService,
    SilenceThresholds,
    SilentAgents,
  ],
})
export class AgentsModule {}

@Module({
  imports: [ChangesModule, AuditModule, AgentsModule],
  controllers: [CapsuleServicesController, AgentDetailController, ServiceReportController],
  providers: [
    CapsuleServicesRepository,
    ServiceDetailsRepository,
    HealthReportsRepository,
    HealthHistory,
    HealthRetention,
    StatusCutoffs,
    CapsuleServicesService,
    ServiceReporting,
    KnownServices,
    ServiceFreshness,
    HeartbeatHealth,
    ServiceReportsService,
    ReportWriter,
    ServiceParts,
    ServiceHealthService,
    ServiceEvents,
    ServiceOwnership,
    StaleServices,
  ],
  exports: [
    CapsuleServicesRepository,
    ServiceDetailsRepository,
    CapsuleServicesService,
    ServiceReporting,
    HeartbeatHealth,
    HealthRetention,
    ServiceOwnership,
    StaleServices,
  ],
})
export class ServicesModule {}
