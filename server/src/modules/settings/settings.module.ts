import { Module } from '@nestjs/common';
import { ChangesModule } from '../changes/changes.module.js';
import { LiveSettings } from './live-settings.js';
import { SettingsRepository } from './settings.repository.js';

@Module({ imports: [ChangesModule], providers: [SettingsRepository, LiveSettings], exports: [LiveSettings] })
export class SettingsModule {}
