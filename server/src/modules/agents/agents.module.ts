import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { ChangesModule } from '../changes/changes.module.js';
import { SettingsModule } from '../settings/settings.module.js';
import { AgentTokenController, ServiceReportController } from './agent-api/agent-api.controller.js';
import { HeartbeatAudit, HeartbeatHealth } from './agent-api/heartbeat.service.js';
import { AgentEnrolment } from './agent-enrolment.service.js';
import { AgentDetailController, AgentsController } from './agents.controller.js';
import { AgentsRepository } from './agents.repository.js';
import { AgentsService } from './agents.service.js';
import { AgentLiveness, SilentAgents } from './liveness/agent-liveness.js';
import { AgentCadence, ServerLoad } from './liveness/cadence.js';
import { OfflineThreshold, StatusCutoffs } from './liveness/silence-thresholds.js';
import { OwnServices } from './reports/known-services.js';
import { ServiceParts, ServiceUpsert } from './reports/report-writer.js';
import { ServiceReporting, ServiceReportIntake } from './reports/service-reports.service.js';
import { CapsuleServicesController } from './services/capsule-services.controller.js';
import { CapsuleServicesRepository } from './services/capsule-services.repository.js';
import { CapsuleServiceCatalog, ServiceOwnership } from './services/capsule-services.service.js';
import { HealthHistoryRepository } from './services/health/health-reports.repository.js';
import { HealthHistory, HealthRetention, ServiceHealthLog } from './services/health/service-health.service.js';
import { ServicePartsRepository } from './services/service-details.repository.js';
import { ServiceLog } from './services/service-events.js';
import { ServiceFreshness, StaleServices } from './services/service-freshness.js';
import { AgentTokensRepository } from './tokens/agent-tokens.repository.js';
import {
  AgentCredentials,
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
    AgentEnrolment,
    AgentLiveness,
    HeartbeatAudit,
    AgentCredentials,
    AgentTokenSuccession,
    AgentTokenRotation,
    AgentTokenAge,
    AgentCadence,
    ServerLoad,
    OfflineThreshold,
    SilentAgents,
  ],
  exports: [
    AgentsRepository,
    AgentsService,
    AgentEnrolment,
    AgentLiveness,
    HeartbeatAudit,
    AgentCredentials,
    AgentTokenAge,
    AgentCadence,
    OfflineThreshold,
    SilentAgents,
  ],
})
export class AgentsModule {}

@Module({
  imports: [ChangesModule, AuditModule, AgentsModule],
  controllers: [CapsuleServicesController, AgentDetailController, ServiceReportController],
  providers: [
    CapsuleServicesRepository,
    ServicePartsRepository,
    HealthHistoryRepository,
    HealthHistory,
    HealthRetention,
    StatusCutoffs,
    CapsuleServiceCatalog,
    ServiceReporting,
    OwnServices,
    ServiceFreshness,
    HeartbeatHealth,
    ServiceReportIntake,
    ServiceUpsert,
    ServiceParts,
    ServiceHealthLog,
    ServiceLog,
    ServiceOwnership,
    StaleServices,
  ],
  exports: [
    CapsuleServicesRepository,
    ServicePartsRepository,
    CapsuleServiceCatalog,
    ServiceReporting,
    HeartbeatHealth,
    HealthRetention,
    ServiceOwnership,
    StaleServices,
  ],
})
export class ServicesModule {}
