import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { MaintenanceSettings } from '#contracts';
import { AppConfig } from '../../config/app-config.js';
import type { Tx } from '../../database/tx.js';
import { type SettingChange, SettingParts, StoredSetting } from './settings.service.js';

/** The settings of the maintenance: each is the environment's until an owner set it. */
@Injectable()
export class MaintenanceSettingsService implements OnModuleInit {
  readonly #stored: StoredSetting<MaintenanceSettings>;

  constructor(config: AppConfig, parts: SettingParts) {
    this.#stored = new StoredSetting(
      { key: 'maintenance', action: 'settings.maintenance.updated' },
      {
        agentOfflineThresholdSeconds: config.agentOfflineThresholdSeconds,
        auditRetentionDays: config.auditRetentionDays,
        commandRetentionDays: config.commandRetentionDays,
        healthRetentionDays: config.healthRetentionDays,
        maintenanceIntervalSeconds: config.maintenanceIntervalSeconds,
      },
      parts,
    );
  }

  get current(): MaintenanceSettings {
    return this.#stored.current;
  }

  onModuleInit(): Promise<void> {
    return this.reload();
  }

  /** Takes over what is stored. */
  reload(): Promise<void> {
    return this.#stored.reload();
  }

  /** Stores what is set in `changes` and leaves the rest; it holds from the commit on. Changes at once do not mix. */
  change(tx: Tx, changes: Partial<MaintenanceSettings>): Promise<SettingChange<MaintenanceSettings>> {
    return this.#stored.change(tx, changes);
  }
}
