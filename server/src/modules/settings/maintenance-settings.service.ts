import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import type { MaintenanceSettings } from '#contracts';
import { AppConfig } from '../../config/app-config.js';
import { leastOfflineThresholdSeconds } from '../../config/offline-threshold.js';
import type { Tx } from '../../database/tx.js';
import { UpdateMaintenanceSettingsBody } from './dto/maintenance-settings.dto.js';
import { type Setting, type SettingChange, SettingsService } from './settings.service.js';

/** The maintenance settings. Each has the value from the environment until an owner sets it. */
@Injectable()
export class MaintenanceSettingsService implements OnModuleInit {
  readonly #logger = new Logger(MaintenanceSettingsService.name);
  readonly #setting: Setting<MaintenanceSettings>;

  constructor(
    private readonly config: AppConfig,
    settings: SettingsService,
  ) {
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

  /** Applies the stored values, and says so when an owner once stored an offline threshold that is too short. */
  async onModuleInit(): Promise<void> {
    await this.reload();
    const { agentOfflineThresholdSeconds: threshold } = this.current;
    const isStored = threshold !== this.config.agentOfflineThresholdSeconds;
    if (isStored && threshold < leastOfflineThresholdSeconds(this.config))
      this.#logger.warn(
        { agentOfflineThresholdSeconds: threshold },
        'The stored offline threshold is less than two heartbeat intervals: healthy agents will count as offline between heartbeats. Change it under Settings, Maintenance.',
      );
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
