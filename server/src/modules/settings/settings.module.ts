import { Module } from '@nestjs/common';
import { LiveSettings } from './live-settings.js';
import { SettingsRepository } from './settings.repository.js';

@Module({ providers: [SettingsRepository, LiveSettings], exports: [LiveSettings] })
export class SettingsModule {}
