import { Module } from '@nestjs/common';
import { ChangesModule } from '../changes/changes.module.js';
import { MaintenanceSettingsService } from './maintenance-settings.service.js';
import { SettingsRepository } from './settings.repository.js';
import { SettingsService } from './settings.service.js';

/** Settings that can be changed at run time. */
@Module({
  imports: [ChangesModule],
  providers: [SettingsRepository, SettingsService, MaintenanceSettingsService],
  exports: [SettingsService, MaintenanceSettingsService],
})
export class SettingsModule {}
