import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database.js';
import type { Tx } from '../../database/tx.js';
import { SettingEntity } from './setting.entity.js';

@Injectable()
export class SettingsRepository {
  constructor(private readonly db: Database) {}

  find(key: string, tx?: Tx): Promise<SettingEntity | null> {
    return this.db.manager(tx).findOneBy(SettingEntity, { key });
  }

  /** Inserts the setting, or replaces its value. */
  async put(setting: SettingEntity, tx: Tx): Promise<void> {
    const { key, value, updatedAt } = setting;
    const changed = await tx.update(SettingEntity, { value, updatedAt }, 'key = :key', { key });
    if (changed === 0) await tx.insert(SettingEntity, setting);
  }
}
