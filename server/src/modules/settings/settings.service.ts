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

interface SettingDefinition<T> {
  readonly key: string;
  /** The audit action of its change, which tells other replicas to read it again. */
  readonly action: AuditAction;
  /** What holds for a part that was never set. */
  readonly defaults: T;
}

/** Settings that change while the servers run, through any replica. */
@Injectable()
export class SettingsService {
  constructor(
    private readonly settings: SettingsRepository,
    private readonly changes: ChangeFeed,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /** A group of settings, kept up to date from now on; it has its defaults until it is first reloaded. */
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
  /** Counts readings and changes: a reading that another one overtook is discarded. */
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

  /** Applies what is stored. */
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
      // The next maintenance run reads them again.
      this.#logger.warn(error);
    }
  }

  /** What is stored; no other transaction changes it until this one ends. */
  async lock(tx: Tx): Promise<T> {
    return { ...this.definition.defaults, ...(await this.stored.lock(tx)) };
  }

  /** Stores what is set in `changes` and leaves the rest; it applies from the commit on. Concurrent changes do not mix. */
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
