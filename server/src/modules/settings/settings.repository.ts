import { Injectable } from '@nestjs/common';
import type { JsonObject } from '#contracts';
import { Database } from '../../database/database.js';
import type { Tx } from '../../database/tx.js';
import { SettingEntity } from './setting.entity.js';

/** Rows of `settings`. */
@Injectable()
export class SettingsRepository {
  constructor(private readonly db: Database) {}

  /** The value of a setting; empty before it is first set. */
  async findValue(key: string): Promise<JsonObject> {
    const setting = await this.db.findOne(SettingEntity, 'key = :key', { key });
    return setting?.value ?? {};
  }

  /** {@link findValue}, locking the setting until the transaction ends. */
  async lockValue(id: SettingEntity['id'], key: string, now: Date, tx: Tx): Promise<JsonObject> {
    await tx.insertIfAbsent(SettingEntity, { id, key, value: {}, updatedAt: now });
    await tx.update(SettingEntity, { updatedAt: now }, 'key = :key', { key });
    const setting = await this.db.findOne(SettingEntity, 'key = :key', { key }, tx);
    return setting?.value ?? {};
  }

  async setValue(key: string, value: JsonObject, tx: Tx): Promise<void> {
    await tx.update(SettingEntity, { value }, 'key = :key', { key });
  }
}
