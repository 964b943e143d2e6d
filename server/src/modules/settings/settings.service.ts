import { Injectable, Logger } from '@nestjs/common';
import type { AuditAction, JsonObject } from '#contracts';
import { Clock } from '../../common/clock.js';
import { Ids } from '../../common/ids.js';
import type { Tx } from '../../database/tx.js';
import { ChangeFeed } from '../changes/change-feed.js';
import { SettingsRepository } from './settings.repository.js';

export interface SettingChange<T> {
  readonly before: T;
  readonly after: T;
}

interface SettingName {
  readonly key: string;
  /** What the audit calls its change, by which other replicas hear of it. */
  readonly action: AuditAction;
}

/** One group of settings that may change while the server runs, through any replica: each is its default until it is set. */
export class StoredSetting<T extends object> {
  readonly #logger = new Logger(StoredSetting.name);
  #current: T;
  /** How often they were read or changed: a reading that something overtook says nothing. */
  #version = 0;

  constructor(
    private readonly name: SettingName,
    private readonly defaults: T,
    private readonly parts: SettingParts,
  ) {
    this.#current = defaults;
    parts.changes.on('settings', ({ action }) => {
      if (action === name.action) void this.#follow();
    });
    parts.changes.onGap(() => void this.#follow());
  }

  get current(): T {
    return this.#current;
  }

  /** Takes over what is stored. */
  async reload(): Promise<void> {
    const version = (this.#version += 1);
    const stored = await this.parts.settings.find(this.name.key);
    if (version === this.#version) this.#current = { ...this.defaults, ...stored?.value };
  }

  /** What holds; nobody else changes it until the transaction ends. */
  async lock(tx: Tx): Promise<T> {
    return { ...this.defaults, ...(await this.#lockStored(tx)) };
  }

  /** Stores what is set in `changes` and leaves the rest; it holds from the commit on. Changes at once do not mix. */
  async change(tx: Tx, changes: Partial<T>): Promise<SettingChange<T>> {
    const stored = await this.#lockStored(tx);
    const before = { ...this.defaults, ...stored };
    const after = { ...before, ...changes };
    await this.parts.settings.setValue(this.name.key, { ...stored, ...changes }, tx);
    tx.afterCommit(() => {
      this.#version += 1;
      this.#current = after;
    });
    return { before, after };
  }

  #lockStored(tx: Tx): Promise<JsonObject> {
    return this.parts.settings.lock(this.parts.ids.make('set'), this.name.key, this.parts.clock.now(), tx);
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

/** What every group of settings is made with. */
@Injectable()
export class SettingParts {
  constructor(
    readonly settings: SettingsRepository,
    readonly changes: ChangeFeed,
    readonly clock: Clock,
    readonly ids: Ids,
  ) {}
}
