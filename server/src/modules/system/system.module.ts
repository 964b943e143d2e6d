import { Module } from '@nestjs/common';
import { AgentsModule } from '../agents/agents.module.js';
import { AuditModule } from '../audit/audit.module.js';
import { AuthModule } from '../auth/auth.module.js';
import { BackupsModule } from '../backups/backups.module.js';
import { CommandsModule } from '../commands/commands.module.js';
import { MaintenanceModule } from '../maintenance/maintenance.module.js';
import { RegistrationModule } from '../registration/registration.module.js';
import { DashboardController, MetricsController } from './dashboard/dashboard.controller.js';
import { DashboardOverviewService, DashboardService, PeopleCounts } from './dashboard/dashboard.service.js';
import { DiagnosticsController } from './diagnostics/diagnostics.controller.js';
import { DiagnosticsService } from './diagnostics/diagnostics.service.js';
import { HealthConcerns, SystemHealthService } from './health/system-health.service.js';
import { SystemController } from './health/system.controller.js';
import { SafetyService } from './safety/safety.service.js';

@Module({
  imports: [
    AuditModule,
    AgentsModule,
    AuthModule,
    RegistrationModule,
    CommandsModule,
    BackupsModule,
    MaintenanceModule,
  ],
  controllers: [SystemController, DashboardController, MetricsController, DiagnosticsController],
  providers: [
    HealthConcerns,
    SystemHealthService,
    DashboardService,
    DashboardOverviewService,
    PeopleCounts,
    DiagnosticsService,
    SafetyService,
  ],
})
export class SystemModule {}
