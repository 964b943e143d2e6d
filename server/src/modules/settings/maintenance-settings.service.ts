import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { MaintenanceSettings } from '#contracts';
import { AppConfig } from '../../config/app-config.js';
import type { Tx } from '../../database/tx.js';
import { UpdateMaintenanceSettingsBody } from './dto/maintenance-settings.dto.js';
import { type Setting, type SettingChange, SettingsService } from './settings.service.js';

/** The maintenance settings. Each has the value from the environment until an owner sets it. */
@Injectable()
export class MaintenanceSettingsService implements OnModuleInit {
  readonly #setting: Setting<MaintenanceSettings>;

  constructor(config: AppConfig, settings: SettingsService) {
    this.#setting = settings.define({
      key: 'maintenance',
      action: 'settings.maintenance.updated',
      body: UpdateMaintenanceSettingsBody,
      defaults: {
        agentOfflineThresholdSeconds: config.agentOfflineThresholdSeconds,
        auditRetentionDays: config.auditRetentionDays,
        commandRetentionDays: config.commandRetentionDays,
        healthRetentionDays: config.healthRetentionDays,
        maintenanceIntervalSeconds: config.maintenanceIntervalSeconds,
      },
    });
  }

  get current(): MaintenanceSettings {
    return this.#setting.current;
  }

  onModuleInit(): Promise<void> {
    return this.reload();
  }

  /** Applies the stored values. */
  reload(): Promise<void> {
    return this.#setting.reload();
  }

  /** Stores the given settings and leaves the others; they apply after the commit. Concurrent changes are serialized. */
  change(tx: Tx, changes: Partial<MaintenanceSettings>): Promise<SettingChange<MaintenanceSettings>> {
    return this.#setting.change(tx, changes);
  }
}
