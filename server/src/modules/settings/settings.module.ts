import { Module } from '@nestjs/common';
import { ChangesModule } from '../changes/changes.module.js';
import { MaintenanceSettingsService } from './maintenance-settings.service.js';
import { SettingsRepository } from './settings.repository.js';
import { SettingParts } from './settings.service.js';

@Module({
  imports: [ChangesModule],
  providers: [SettingsRepository, SettingParts, MaintenanceSettingsService],
  exports: [MaintenanceSettingsService, SettingParts],
})
export class SettingsModule {}
