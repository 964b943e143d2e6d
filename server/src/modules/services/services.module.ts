import { Module } from '@nestjs/common';
import { AgentsModule } from '../agents/agents.module.js';
import { AuditModule } from '../audit/audit.module.js';
import { ChangesModule } from '../changes/changes.module.js';
import { AgentDetailController } from './agent-detail.controller.js';
import { CapsuleServiceCatalog } from './capsule-service-catalog.js';
import { CapsuleServicesController } from './capsule-services.controller.js';
import { CapsuleServicesRepository } from './capsule-services.repository.js';
import { HealthHistory } from './health-history.js';
import { HealthHistoryRepository } from './health-history.repository.js';
import { HeartbeatHealth } from './heartbeat-health.js';
import { OwnServices } from './own-services.js';
import { ServiceFreshness } from './service-freshness.js';
import { ServiceHealthLog } from './service-health.js';
import { ServiceLog } from './service-log.js';
import { ServiceOwnership } from './service-ownership.js';
import { ServiceParts } from './service-parts.js';
import { ServicePartsRepository } from './service-parts.repository.js';
import { ServiceReportIntake } from './service-report-intake.js';
import { ServiceReportController } from './service-report.controller.js';
import { ServiceReporting } from './service-reporting.js';
import { StatusCutoffs } from './service-status.js';
import { ServiceUpsert } from './service-upsert.js';
import { StaleServices } from './stale-services.js';

@Module({
  imports: [ChangesModule, AuditModule, AgentsModule],
  controllers: [CapsuleServicesController, AgentDetailController, ServiceReportController],
  providers: [
    CapsuleServicesRepository,
    ServicePartsRepository,
    HealthHistoryRepository,
    HealthHistory,
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
    ServiceOwnership,
    StaleServices,
  ],
})
export class ServicesModule {}
