import { Injectable, Logger } from '@nestjs/common';
import type { AuditAction } from '#contracts';
import { Clock } from '../../common/clock.js';
import { Ids } from '../../common/ids.js';
import type { Tx } from '../../database/tx.js';
import { ChangeFeed } from '../changes/change-feed.js';
import type { SettingEntity } from './setting.entity.js';
import { SettingsRepository } from './settings.repository.js';
import { readStoredParts, type SettingsBody } from './stored-parts.js';

/** The values before and after a change. */
export interface SettingChange<T> {
  readonly before: T;
  readonly after: T;
}

interface SettingDefinition<T extends object> {
  readonly key: string;
  /** The audit action of a change; it makes other replicas reload the setting. */
  readonly action: AuditAction;
  /** The values of parts that were never set. */
  readonly defaults: T;
  /** The body with which the API changes them: a stored value that it would not take counts as the default. */
  readonly body: SettingsBody<T>;
}

/** Settings that can be changed at run time, through any replica. */
@Injectable()
export class SettingsService {
  readonly #defined: { readonly key: string; readonly setting: Pick<Setting<object>, 'refused'> }[] = [];

  constructor(
    private readonly settings: SettingsRepository,
    private readonly changes: ChangeFeed,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /** The stored settings that count as the default because the API would not take them, such as `maintenance.auditRetentionDays`. */
  get refused(): readonly string[] {
    return this.#defined.flatMap(({ key, setting }) => setting.refused.map((name) => `${key}.${name}`));
  }

  /** Defines a group of settings that follows changes of all replicas; it has its defaults until the first reload. */
  define<T extends object>(definition: SettingDefinition<T>): Setting<T> {
    const { key, action } = definition;
    const setting = new Setting(definition, {
      find: () => this.settings.findText(key),
      lock: (tx) => this.settings.lockValue(this.ids.make('set'), key, this.clock.now(), tx),
      store: (value, tx) => this.settings.setValue(key, value, tx),
    });
    this.#defined.push({ key, setting });
    this.changes.on('settings', (change) => {
      if (change.action === action) void setting.refresh();
    });
    this.changes.onGap(() => void setting.refresh());
    return setting;
  }
}

interface StoredValue {
  find(): Promise<string | null>;
  lock(tx: Tx): Promise<string | null>;
  store(value: SettingEntity['value'], tx: Tx): Promise<void>;
}

/** One group of settings. */
export class Setting<T extends object> {
  readonly #logger = new Logger(Setting.name);
  #current: T;
  #refused: readonly string[] = [];
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

  /** The names of stored parts that count as the default because the API would not take them. */
  get refused(): readonly string[] {
    return this.#refused;
  }

  /** Applies the stored values. */
  async reload(): Promise<void> {
    const version = (this.#version += 1);
    const { accepted, refused } = this.#read(await this.stored.find());
    if (version === this.#version) this.#apply({ ...this.definition.defaults, ...accepted }, refused);
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
    return { ...this.definition.defaults, ...this.#read(await this.stored.lock(tx)).accepted };
  }

  /**
   * Stores the given parts and leaves the others, except those that count as the default: they are removed. Applies after
   * the commit. Concurrent changes are serialized.
   */
  async change(tx: Tx, changes: Partial<T>): Promise<SettingChange<T>> {
    const { accepted } = this.#read(await this.stored.lock(tx));
    const before = { ...this.definition.defaults, ...accepted };
    const after = { ...before, ...changes };
    await this.stored.store({ ...accepted, ...changes } as SettingEntity['value'], tx);
    tx.afterCommit(() => {
      this.#version += 1;
      this.#apply(after, []);
    });
    return { before, after };
  }

  #read(stored: string | null) {
    return readStoredParts(stored, this.definition.defaults, this.definition.body);
  }

  #apply(current: T, refused: readonly string[]): void {
    const isNew = refused.some((name) => !this.#refused.includes(name));
    if (isNew)
      this.#logger.warn({ key: this.definition.key, refused }, 'A stored setting is invalid: its default counts.');
    this.#current = current;
    this.#refused = refused;
  }
}
