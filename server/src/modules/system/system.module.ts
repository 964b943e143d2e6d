import { Module } from '@nestjs/common';
import { AgentsModule } from '../agents/agents.module.js';
import { AuditModule } from '../audit/audit.module.js';
import { AuthModule } from '../auth/auth.module.js';
import { BackupsModule } from '../backups/backups.module.js';
import { ChangesModule } from '../changes/changes.module.js';
import { CommandsModule } from '../commands/commands.module.js';
import { MaintenanceModule } from '../maintenance/maintenance.module.js';
import { RegistrationModule } from '../registration/registration.module.js';
import { SettingsModule } from '../settings/settings.module.js';
import { DashboardController, MetricsController } from './dashboard/dashboard.controller.js';
import { DashboardService } from './dashboard/dashboard.service.js';
import { DiagnosticsController } from './diagnostics/diagnostics.controller.js';
import { DiagnosticsService } from './diagnostics/diagnostics.service.js';
import { SystemHealthService } from './health/system-health.service.js';
import { SystemController } from './health/system.controller.js';
import { SafetyService } from './safety/safety.service.js';

/** The installation as a whole: health, dashboard, diagnostics and the safety report. */
@Module({
  imports: [
    ChangesModule,
    AuditModule,
    SettingsModule,
    AgentsModule,
    AuthModule,
    RegistrationModule,
    CommandsModule,
    BackupsModule,
    MaintenanceModule,
  ],
  controllers: [SystemController, DashboardController, MetricsController, DiagnosticsController],
  providers: [SystemHealthService, DashboardService, DiagnosticsService, SafetyService],
})
export class SystemModule {}
