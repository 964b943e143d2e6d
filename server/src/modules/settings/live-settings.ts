import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { MaintenanceSettings } from '#contracts';
import { Ids } from '../../common/ids/ids.js';
import { Clock } from '../../common/time/clock.js';
import { AppConfig } from '../../config/app-config.js';
import type { Tx } from '../../database/tx.js';
import { SettingsRepository } from './settings.repository.js';

const KEY = 'maintenance';

export interface SettingsChange {
  readonly before: MaintenanceSettings;
  readonly after: MaintenanceSettings;
}

/** The settings an owner may change while the server runs: each is the environment's until somebody set it. */
@Injectable()
export class LiveSettings implements OnModuleInit {
  readonly #configured: MaintenanceSettings;
  #current: MaintenanceSettings;

  constructor(
    config: AppConfig,
    private readonly settings: SettingsRepository,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {
    this.#configured = {
      agentOfflineThresholdSeconds: config.agentOfflineThresholdSeconds,
      auditRetentionDays: config.auditRetentionDays,
      maintenanceIntervalSeconds: config.maintenanceIntervalSeconds,
    };
    this.#current = this.#configured;
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
    this.#current = { ...this.#configured, ...stored?.value };
  }

  /** Stores what is set in `changes` and leaves the rest; it holds from the commit on. Changes at once do not mix. */
  async change(tx: Tx, changes: Partial<MaintenanceSettings>): Promise<SettingsChange> {
    const stored = await this.settings.lock(this.ids.make('set'), KEY, this.clock.now(), tx);
    const before = { ...this.#configured, ...stored };
    const after = { ...before, ...changes };
    await this.settings.setValue(KEY, { ...stored, ...changes }, tx);
    tx.afterCommit(() => {
      this.#current = after;
    });
    return { before, after };
  }
}
