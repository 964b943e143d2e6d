import { Module } from '@nestjs/common';
import { AgentsModule } from '../agents/agents.module.js';
import { AuditModule } from '../audit/audit.module.js';
import { AuthModule } from '../auth/auth.module.js';
import { BackupsModule } from '../backups/backups.module.js';
import { CommandsModule } from '../commands/commands.module.js';
import { RegistrationModule } from '../registration/registration.module.js';
import { ServicesModule } from '../services/services.module.js';
import { SettingsModule } from '../settings/settings.module.js';
import { JobRunner } from './job-runner.js';
import { JobRunsRepository } from './job-runs.repository.js';
import { JobStatuses } from './job-statuses.js';
import { Leases } from './leases.js';
import { LeasesRepository } from './leases.repository.js';
import { ExpiryJobs, MaintenanceJobs, SilenceJobs, UpkeepJobs } from './maintenance-jobs.js';
import { MaintenanceRunner } from './maintenance-runner.js';
import { MaintenanceSweeps } from './maintenance-sweeps.js';
import { MaintenanceController, MaintenanceSettingsController } from './maintenance.controller.js';
import { MaintenanceService } from './maintenance.service.js';
import { RetentionJobs } from './retention-jobs.js';

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
    MaintenanceRunner,
    JobStatuses,
    MaintenanceService,
  ],
  exports: [JobStatuses],
})
export class MaintenanceModule {}
