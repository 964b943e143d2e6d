import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { ChangesModule } from '../changes/changes.module.js';
import { SettingsModule } from '../settings/settings.module.js';
import { AgentApiController } from './agent-api/agent-api.controller.js';
import { HeartbeatService } from './agent-api/heartbeat.service.js';
import { AgentEnrolmentService } from './agent-enrolment.service.js';
import { AgentWarningsService } from './agent-warnings.service.js';
import { AgentsController } from './agents.controller.js';
import { AgentsRepository } from './agents.repository.js';
import { AgentsService } from './agents.service.js';
import { AgentLiveness } from './liveness/agent-liveness.js';
import { Cadence } from './liveness/cadence.js';
import { SilenceThresholds } from './liveness/silence-thresholds.js';
import { KnownServices } from './reports/known-services.js';
import { ReportWriter } from './reports/report-writer.js';
import { ServiceReportsService } from './reports/service-reports.service.js';
import { SchemaChecks } from './schemas/schema-checks.service.js';
import { CapsuleServicesController } from './services/capsule-services.controller.js';
import { CapsuleServicesRepository } from './services/capsule-services.repository.js';
import { CapsuleServicesService } from './services/capsule-services.service.js';
import { HealthReportsRepository } from './services/health/health-reports.repository.js';
import { ServiceHealthLog } from './services/health/service-health-log.js';
import { ServiceHealthService } from './services/health/service-health.service.js';
import { ServiceDetailsRepository } from './services/service-details.repository.js';
import { ServiceEvents } from './services/service-events.js';
import { ServiceFreshness } from './services/service-freshness.js';
import { AgentTokensRepository } from './tokens/agent-tokens.repository.js';
import { AgentTokensService } from './tokens/agent-tokens.service.js';
import { TokenMisuseService } from './tokens/token-misuse.service.js';

@Module({
  imports: [ChangesModule, AuditModule, SettingsModule],
  // Express tries routes in this order, and agents call theirs most often.
  controllers: [AgentApiController, AgentsController, CapsuleServicesController],
  providers: [
    AgentsRepository,
    AgentsService,
    AgentEnrolmentService,
    AgentWarningsService,
    AgentLiveness,
    SilenceThresholds,
    Cadence,
    AgentTokensRepository,
    AgentTokensService,
    TokenMisuseService,
    CapsuleServicesRepository,
    ServiceDetailsRepository,
    SchemaChecks,
    CapsuleServicesService,
    ServiceEvents,
    ServiceFreshness,
    HealthReportsRepository,
    ServiceHealthLog,
    ServiceHealthService,
    KnownServices,
    ReportWriter,
    ServiceReportsService,
    HeartbeatService,
  ],
  exports: [
    AgentsService,
    AgentEnrolmentService,
    AgentWarningsService,
    AgentLiveness,
    Cadence,
    AgentTokensService,
    TokenMisuseService,
    CapsuleServicesService,
    SchemaChecks,
    ServiceFreshness,
    ServiceHealthService,
    ServiceReportsService,
    HeartbeatService,
  ],
})
export class AgentsModule {}
