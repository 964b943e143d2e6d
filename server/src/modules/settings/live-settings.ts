import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import type { MaintenanceSettings } from '#contracts';
import { Ids } from '../../common/ids/ids.js';
import { Clock } from '../../common/time/clock.js';
import { AppConfig } from '../../config/app-config.js';
import type { Tx } from '../../database/tx.js';
import { ChangeFeed } from '../changes/change-feed.js';
import { SettingsRepository } from './settings.repository.js';

const KEY = 'maintenance';

export interface SettingsChange {
  readonly before: MaintenanceSettings;
  readonly after: MaintenanceSettings;
}

/**
 * The settings an owner may change while the server runs, through any replica: each is the environment's until somebody
 * set it.
 */
@Injectable()
export class LiveSettings implements OnModuleInit {
  readonly #logger = new Logger(LiveSettings.name);
  readonly #configured: MaintenanceSettings;
  #current: MaintenanceSettings;
  /** How often they were read or changed: a reading that something overtook says nothing. */
  #version = 0;

  constructor(
    config: AppConfig,
    private readonly settings: SettingsRepository,
    private readonly clock: Clock,
    private readonly ids: Ids,
    changes: ChangeFeed,
  ) {
    this.#configured = {
      agentOfflineThresholdSeconds: config.agentOfflineThresholdSeconds,
      auditRetentionDays: config.auditRetentionDays,
      commandRetentionDays: config.commandRetentionDays,
      healthRetentionDays: config.healthRetentionDays,
      maintenanceIntervalSeconds: config.maintenanceIntervalSeconds,
    };
    this.#current = this.#configured;
    changes.subscribe({
      onChange: ({ action }) => {
        if (action === 'settings.maintenance.updated') void this.#follow();
      },
      onGap: () => void this.#follow(),
    });
  }

  get current(): MaintenanceSettings {
    return this.#current;
  }

  onModuleInit(): Promise<void> {
    return this.reload();
  }

  /** Takes over what is stored. */
  async reload(): Promise<void> {
    const version = (this.#version += 1);
    const stored = await this.settings.find(KEY);
    if (version === this.#version) this.#current = { ...this.#configured, ...stored?.value };
  }

  /** Stores what is set in `changes` and leaves the rest; it holds from the commit on. Changes at once do not mix. */
  async change(tx: Tx, changes: Partial<MaintenanceSettings>): Promise<SettingsChange> {
    const stored = await this.settings.lock(this.ids.make('set'), KEY, this.clock.now(), tx);
    const before = { ...this.#configured, ...stored };
    const after = { ...before, ...changes };
    await this.settings.setValue(KEY, { ...stored, ...changes }, tx);
    tx.afterCommit(() => {
      this.#version += 1;
      this.#current = after;
    });
    return { before, after };
  }

  async #follow(): Promise<void> {
    try {
      await this.reload();
    } catch (error) {
      // The next run of the maintenance reads them again.
      this.#logger.warn(error);
    }
  }
}
