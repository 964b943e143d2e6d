import { Module } from '@nestjs/common';
import { ChangesModule } from '../changes/changes.module.js';
import { LiveSettings } from './live-settings.js';
import { SettingsRepository } from './settings.repository.js';
import { SignInSettingsStore } from './sign-in-settings-store.js';
import { SettingParts } from './stored-setting.js';

@Module({
  imports: [ChangesModule],
  providers: [SettingsRepository, SettingParts, LiveSettings, SignInSettingsStore],
  exports: [LiveSettings, SignInSettingsStore],
})
export class SettingsModule {}
