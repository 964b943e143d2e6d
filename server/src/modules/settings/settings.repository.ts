import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database.js';
import type { Tx } from '../../database/tx.js';
import { SettingEntity } from './setting.entity.js';

/** Read as text: what stands there may have been written by anyone. */
const VALUE = 'SELECT value FROM settings WHERE key = :key';

/** Rows of `settings`. */
@Injectable()
export class SettingsRepository {
  constructor(private readonly db: Database) {}

  /** The text of a setting's value, as it is stored; null before it is first set. */
  async findText(key: string, tx?: Tx): Promise<string | null> {
    const [row] = await this.db.query<{ readonly value: string }>(VALUE, { key }, tx);
    return row?.value ?? null;
  }

  /** {@link findText}, locking the setting until the transaction ends. */
  async lockValue(id: SettingEntity['id'], key: string, now: Date, tx: Tx): Promise<string | null> {
    await tx.insertIfAbsent(SettingEntity, { id, key, value: {}, updatedAt: now });
    await tx.update(SettingEntity, { updatedAt: now }, 'key = :key', { key });
    return this.findText(key, tx);
  }

  async setValue(key: string, value: SettingEntity['value'], tx: Tx): Promise<void> {
    await tx.update(SettingEntity, { value }, 'key = :key', { key });
  }
}
