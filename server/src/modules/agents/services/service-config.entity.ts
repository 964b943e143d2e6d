import { Entity, JoinColumn, ManyToOne, PrimaryColumn, type Relation, Unique } from 'typeorm';
import type { CapsuleServiceId, ConfigItemId, Json } from '#contracts';
import { BooleanColumn, IdColumn, InstantColumn, JsonColumn, StringColumn } from '../../../database/columns.js';
import { CapsuleServiceEntity } from './capsule-service.entity.js';

/** A configuration item that a service reports. */
@Entity('service_configs')
@Unique('uq_service_configs_service_id_key', ['serviceId', 'key'])
export class ServiceConfigEntity {
  @PrimaryColumn({ name: 'id', type: 'varchar', length: 40, primaryKeyConstraintName: 'pk_service_configs' })
  id!: ConfigItemId;
  @IdColumn('service_id') serviceId!: CapsuleServiceId;
  @ManyToOne(() => CapsuleServiceEntity, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'service_id', foreignKeyConstraintName: 'fk_service_configs_service_id' })
  service?: Relation<CapsuleServiceEntity>;
  @StringColumn('key', 200) key!: string;
  @StringColumn('type', 80) type!: string;
  @StringColumn('label', 200, { nullable: true }) label!: string | null;
  @StringColumn('source', 200, { nullable: true }) source!: string | null;
  @BooleanColumn('editable') editable!: boolean;
  @BooleanColumn('sensitive') sensitive!: boolean;
  @BooleanColumn('configured') configured!: boolean;
  /** Always null for a sensitive item. */
  @JsonColumn('value_preview', { nullable: true }) valuePreview!: Json;
  /** Always null for a sensitive item. */
  @JsonColumn('default_value', { nullable: true }) defaultValue!: Json;
  @StringColumn('secret_ref', 500, { nullable: true }) secretRef!: string | null;
  @InstantColumn('updated_at') updatedAt!: Date;
}
