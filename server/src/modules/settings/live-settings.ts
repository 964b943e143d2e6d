import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { MaintenanceSettings } from '#contracts';
import { Ids } from '../../common/ids/ids.js';
import { Clock } from '../../common/time/clock.js';
import { AppConfig } from '../../config/app-config.js';
import type { Tx } from '../../database/tx.js';
import { SettingsRepository } from './settings.repository.js';

const KEY = 'maintenance';

/** The settings an owner may change while the server runs: the environment's until somebody did. */
@Injectable()
export class LiveSettings implements OnModuleInit {
  #current: MaintenanceSettings;

  constructor(
    config: AppConfig,
    private readonly settings: SettingsRepository,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {
    this.#current = {
      agentOfflineThresholdSeconds: config.agentOfflineThresholdSeconds,
      auditRetentionDays: config.auditRetentionDays,
      maintenanceIntervalSeconds: config.maintenanceIntervalSeconds,
    };
  }

  get current(): MaintenanceSettings {
    return this.#current;
  }

  onModuleInit(): Promise<void> {
    return this.reload();
  }

  /** Takes over what another process stored. */
  async reload(): Promise<void> {
    const stored = await this.settings.find(KEY);
    if (stored) this.#current = { ...this.#current, ...stored.value };
  }

  /** Stores `settings`; they hold from the commit on. */
  async replace(tx: Tx, settings: MaintenanceSettings): Promise<void> {
    const row = { id: this.ids.make('set'), key: KEY, value: { ...settings }, updatedAt: this.clock.now() };
    await this.settings.put(row, tx);
    tx.afterCommit(() => {
      this.#current = settings;
    });
  }
}
