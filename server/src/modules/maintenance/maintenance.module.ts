import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { AuditModule } from '../audit/audit.module.js';
import { AuthModule } from '../auth/auth.module.js';
import { SettingsModule } from '../settings/settings.module.js';
import { ClockWatch } from './clock-watch.js';
import { JobRegistry } from './job-registry.js';
import { JobRunner } from './job-runner.js';
import { JobRunsStore } from './job-runs.store.js';
import { MaintenanceScheduler } from './maintenance-scheduler.js';
import { MaintenanceController, MaintenanceSettingsController } from './maintenance.controller.js';
import { MaintenanceService } from './maintenance.service.js';
import { StoredInstantsStore } from './stored-instants.store.js';

/** Finds and runs the jobs that other modules declare. */
@Module({
  imports: [AuditModule, AuthModule, DiscoveryModule, SettingsModule],
  controllers: [MaintenanceController, MaintenanceSettingsController],
  providers: [
    ClockWatch,
    JobRegistry,
    JobRunner,
    JobRunsStore,
    MaintenanceScheduler,
    MaintenanceService,
    StoredInstantsStore,
  ],
  exports: [MaintenanceService],
})
export class MaintenanceModule {}
