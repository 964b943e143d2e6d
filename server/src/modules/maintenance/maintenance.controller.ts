import { Body, Get, Patch, Post } from '@nestjs/common';
import type { ClockConfirmation, MaintenanceJobStatus, MaintenanceReport, MaintenanceSettings } from '#contracts';
import type { UserActor } from '../../common/actor.js';
import { Access, AdminController, CurrentUser } from '../../http/access.js';
import { CurrentSession, type SignedIn } from '../auth/sessions/signed-in.js';
import { UpdateMaintenanceSettingsBody } from '../settings/dto/maintenance-settings.dto.js';
import { MaintenanceService } from './maintenance.service.js';

@AdminController('maintenance')
export class MaintenanceController {
  constructor(private readonly maintenance: MaintenanceService) {}

  /** Lists every maintenance job with its last run, on any replica, and when it is next due. */
  @Get('jobs')
  @Access('viewer')
  jobs(): Promise<MaintenanceJobStatus[]> {
    return this.maintenance.listJobs();
  }

  /** Runs every job now and returns what they did, and which of them failed or had to wait. */
  @Post('run')
  @Access('operator')
  run(@CurrentUser() actor: UserActor): Promise<MaintenanceReport> {
    return this.maintenance.runNow(actor);
  }

  /** Says that the clock of the server's machine is right: what waited for that goes on. */
  @Post('clock/confirm')
  @Access('owner')
  confirmClock(@CurrentUser() actor: UserActor): Promise<ClockConfirmation> {
    return this.maintenance.confirmClock(actor);
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

  /** Changes maintenance settings; they apply at once. Another audit retention needs a recent confirmation. */
  @Patch('maintenance')
  @Access('owner')
  update(
    @CurrentSession() signedIn: SignedIn,
    @Body() body: UpdateMaintenanceSettingsBody,
  ): Promise<MaintenanceSettings> {
    return this.maintenance.updateSettings(signedIn, body);
  }
}
