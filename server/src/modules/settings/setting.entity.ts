import { Entity, PrimaryColumn, Unique } from 'typeorm';
import type { Id, JsonObject } from '#contracts';
import { InstantColumn, JsonColumn, StringColumn } from '../../database/columns.js';

@Entity('settings')
@Unique('uq_settings_key', ['key'])
export class SettingEntity {
  @PrimaryColumn({ name: 'id', type: 'varchar', length: 40, primaryKeyConstraintName: 'pk_settings' }) id!: Id<'set'>;
  @StringColumn('key', 80) key!: string;
  @JsonColumn('value') value!: JsonObject;
  @InstantColumn('updated_at') updatedAt!: Date;
}
