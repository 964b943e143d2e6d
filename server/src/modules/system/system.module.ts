import { Module } from '@nestjs/common';
import { AgentsModule } from '../agents/agents.module.js';
import { AuditModule } from '../audit/audit.module.js';
import { AuthModule } from '../auth/auth.module.js';
import { BackupsModule } from '../backups/backups.module.js';
import { CommandsModule } from '../commands/commands.module.js';
import { MaintenanceModule } from '../maintenance/maintenance.module.js';
import { RegistrationModule } from '../registration/registration.module.js';
import { ServicesModule } from '../services/services.module.js';
import { UsersModule } from '../users/users.module.js';
import { DashboardOverviewService } from './dashboard-overview.service.js';
import { DiagnosticsService } from './diagnostics.service.js';
import { HealthConcerns } from './health-concerns.js';
import { DashboardController, DiagnosticsController, MetricsController } from './overview.controller.js';
import { OverviewService } from './overview.service.js';
import { PeopleCounts } from './people-counts.js';
import { SafetyService } from './safety/safety.service.js';
import { SystemHealthService } from './system-health.service.js';
import { SystemController } from './system.controller.js';

@Module({
  imports: [
    AuditModule,
    UsersModule,
    AgentsModule,
    AuthModule,
    RegistrationModule,
    ServicesModule,
    CommandsModule,
    BackupsModule,
    MaintenanceModule,
  ],
  controllers: [SystemController, DashboardController, MetricsController, DiagnosticsController],
  providers: [
    HealthConcerns,
    SystemHealthService,
    OverviewService,
    DashboardOverviewService,
    PeopleCounts,
    DiagnosticsService,
    SafetyService,
  ],
})
export class SystemModule {}
