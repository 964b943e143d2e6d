import { Injectable } from '@nestjs/common';
import type { JsonObject } from '#contracts';
import { Database } from '../../database/database.js';
import type { Tx } from '../../database/tx.js';
import { SettingEntity } from './setting.entity.js';

@Injectable()
export class SettingsRepository {
  constructor(private readonly db: Database) {}

  find(key: string): Promise<SettingEntity | null> {
    return this.db.manager().findOneBy(SettingEntity, { key });
  }

  /** The setting's value, empty if it was never set; nobody else changes it until the transaction ends. */
  async lock(id: SettingEntity['id'], key: string, now: Date, tx: Tx): Promise<JsonObject> {
    await tx.insertIfAbsent(SettingEntity, { id, key, value: {}, updatedAt: now });
    await tx.update(SettingEntity, { updatedAt: now }, 'key = :key', { key });
    const { value } = await tx.manager.findOneByOrFail(SettingEntity, { key });
    return value;
  }

  async setValue(key: string, value: JsonObject, tx: Tx): Promise<void> {
    await tx.update(SettingEntity, { value }, 'key = :key', { key });
  }
}
