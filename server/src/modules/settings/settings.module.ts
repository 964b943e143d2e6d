import { Module } from '@nestjs/common';
import { SignInSettingsStore } from '../auth/passkeys/sign-in-settings.service.js';
import { ChangesModule } from '../changes/changes.module.js';
import { MaintenanceSettingsService } from './maintenance-settings.service.js';
import { SettingsRepository } from './settings.repository.js';
import { SettingParts } from './settings.service.js';

@Module({
  imports: [ChangesModule],
  providers: [SettingsRepository, SettingParts, MaintenanceSettingsService, SignInSettingsStore],
  exports: [MaintenanceSettingsService, SignInSettingsStore],
})
export class SettingsModule {}
