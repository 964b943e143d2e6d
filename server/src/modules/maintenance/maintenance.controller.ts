import { Body, Get, Patch, Post } from '@nestjs/common';
import type { MaintenanceJobStatus, MaintenanceReport, MaintenanceSettings } from '#contracts';
import type { UserActor } from '../../common/actor.js';
import { Access, AdminController, CurrentUser } from '../../http/access.js';
import { UpdateMaintenanceSettingsBody } from './dto/maintenance.dto.js';
import { JobStatuses, MaintenanceService } from './maintenance.service.js';

@AdminController('maintenance')
export class MaintenanceController {
  constructor(
    private readonly maintenance: MaintenanceService,
    private readonly statuses: JobStatuses,
  ) {}

  /** How every sweep last went, on whichever replica, and when it is due. */
  @Get('jobs')
  @Access('viewer')
  jobs(): Promise<MaintenanceJobStatus[]> {
    return this.statuses.list();
  }

  /** Runs every sweep now and returns what it did. */
  @Post('run')
  @Access('operator')
  run(@CurrentUser() actor: UserActor): Promise<MaintenanceReport> {
    return this.maintenance.runNow(actor);
  }
}

@AdminController('settings')
export class MaintenanceSettingsController {
  constructor(private readonly maintenance: MaintenanceService) {}

  /** The maintenance settings in force. */
  @Get('maintenance')
  @Access('viewer')
  get(): MaintenanceSettings {
    return this.maintenance.getSettings();
  }

  /** Changes maintenance settings; they hold at once. */
  @Patch('maintenance')
  @Access('owner')
  update(@CurrentUser() actor: UserActor, @Body() body: UpdateMaintenanceSettingsBody): Promise<MaintenanceSettings> {
    return this.maintenance.updateSettings(actor, body);
  }
}
