import { Module } from '@nestjs/common';
import { Leases, LeasesRepository } from '../../database/leases/leases.store.js';
import { AgentsModule, ServicesModule } from '../agents/agents.module.js';
import { AuditModule } from '../audit/audit.module.js';
import { AuthModule } from '../auth/auth.module.js';
import { BackupsModule } from '../backups/backups.module.js';
import { CommandsModule } from '../commands/commands.module.js';
import { RegistrationModule } from '../registration/registration.module.js';
import { SettingsModule } from '../settings/settings.module.js';
import { ExpiryJobs, MaintenanceJobs, RetentionJobs, SilenceJobs, UpkeepJobs } from './job-registry.js';
import { JobRunner } from './job-runner.js';
import { JobRunsRepository } from './job-runs.store.js';
import { MaintenanceScheduler, MaintenanceSweeps } from './maintenance-scheduler.js';
import { MaintenanceController, MaintenanceSettingsController } from './maintenance.controller.js';
import { JobStatuses, MaintenanceService } from './maintenance.service.js';

@Module({
  imports: [
    AuditModule,
    AgentsModule,
    AuthModule,
    RegistrationModule,
    ServicesModule,
    CommandsModule,
    BackupsModule,
    SettingsModule,
  ],
  controllers: [MaintenanceController, MaintenanceSettingsController],
  providers: [
    ExpiryJobs,
    SilenceJobs,
    RetentionJobs,
    UpkeepJobs,
    MaintenanceJobs,
    JobRunsRepository,
    JobRunner,
    MaintenanceSweeps,
    LeasesRepository,
    Leases,
    MaintenanceScheduler,
    JobStatuses,
    MaintenanceService,
  ],
  exports: [JobStatuses],
})
export class MaintenanceModule {}
