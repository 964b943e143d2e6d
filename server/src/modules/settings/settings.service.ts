import { Injectable, Logger } from '@nestjs/common';
import type { AuditAction, JsonObject } from '#contracts';
import { Clock } from '../../common/clock.js';
import { Ids } from '../../common/ids.js';
import type { Tx } from '../../database/tx.js';
import { ChangeFeed } from '../changes/change-feed.js';
import { SettingsRepository } from './settings.repository.js';

/** The values before and after a change. */
export interface SettingChange<T> {
  readonly before: T;
  readonly after: T;
}

interface SettingDefinition<T> {
  readonly key: string;
  /** The audit action of a change; it makes other replicas reload the setting. */
  readonly action: AuditAction;
  /** The values of parts that were never set. */
  readonly defaults: T;
}

/** Settings that can be changed at run time, through any replica. */
@Injectable()
export class SettingsService {
  constructor(
    private readonly settings: SettingsRepository,
    private readonly changes: ChangeFeed,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /** Defines a group of settings that follows changes of all replicas; it has its defaults until the first reload. */
  define<T extends object>(definition: SettingDefinition<T>): Setting<T> {
    const { key, action } = definition;
    const setting = new Setting(definition, {
      find: () => this.settings.findValue(key),
      lock: (tx) => this.settings.lockValue(this.ids.make('set'), key, this.clock.now(), tx),
      store: (value, tx) => this.settings.setValue(key, value, tx),
    });
    this.changes.on('settings', (change) => {
      if (change.action === action) void setting.refresh();
    });
    this.changes.onGap(() => void setting.refresh());
    return setting;
  }
}

interface StoredValue {
  find(): Promise<JsonObject>;
  lock(tx: Tx): Promise<JsonObject>;
  store(value: JsonObject, tx: Tx): Promise<void>;
}

/** One group of settings. */
export class Setting<T extends object> {
  readonly #logger = new Logger(Setting.name);
  #current: T;
  /** Counts reads and changes, so that the result of an outdated read is discarded. */
  #version = 0;

  constructor(
    private readonly definition: SettingDefinition<T>,
    private readonly stored: StoredValue,
  ) {
    this.#current = definition.defaults;
  }

  get current(): T {
    return this.#current;
  }

  /** Applies the stored values. */
  async reload(): Promise<void> {
    const version = (this.#version += 1);
    const stored = await this.stored.find();
    if (version === this.#version) this.#current = { ...this.definition.defaults, ...stored };
  }

  /** {@link reload} that never rejects. */
  async refresh(): Promise<void> {
    try {
      await this.reload();
    } catch (error) {
      // The next maintenance run reloads them.
      this.#logger.warn(error);
    }
  }

  /** The stored values, locked until the transaction ends. */
  async lock(tx: Tx): Promise<T> {
    return { ...this.definition.defaults, ...(await this.stored.lock(tx)) };
  }

  /** Stores the given parts and leaves the others; they apply after the commit. Concurrent changes are serialized. */
  async change(tx: Tx, changes: Partial<T>): Promise<SettingChange<T>> {
    const stored = await this.stored.lock(tx);
    const before = { ...this.definition.defaults, ...stored };
    const after = { ...before, ...changes };
    await this.stored.store({ ...stored, ...changes }, tx);
    tx.afterCommit(() => {
      this.#version += 1;
      this.#current = after;
    });
    return { before, after };
  }
}
