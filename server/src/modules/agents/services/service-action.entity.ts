import { Entity, JoinColumn, ManyToOne, PrimaryColumn, type Relation, Unique } from 'typeorm';
import type { ActionId, CapsuleServiceId, DangerLevel, JsonObject } from '#contracts';
import {
  BooleanColumn,
  IdColumn,
  IntegerColumn,
  JsonColumn,
  StringColumn,
  TextColumn,
} from '../../../database/columns.js';
import { CapsuleServiceEntity } from './capsule-service.entity.js';

/** An action that a service declares. */
@Entity('service_actions')
@Unique('uq_service_actions_service_id_name', ['serviceId', 'name'])
export class ServiceActionEntity {
  @PrimaryColumn({ name: 'id', type: 'varchar', length: 40, primaryKeyConstraintName: 'pk_service_actions' })
  id!: ActionId;
  @IdColumn('service_id') serviceId!: CapsuleServiceId;
  @ManyToOne(() => CapsuleServiceEntity, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'service_id', foreignKeyConstraintName: 'fk_service_actions_service_id' })
  service?: Relation<CapsuleServiceEntity>;
  @StringColumn('name', 120) name!: string;
  @StringColumn('label', 200) label!: string;
  @TextColumn('description', { nullable: true }) description!: string | null;
  @StringColumn('category', 120, { nullable: true }) category!: string | null;
  @IntegerColumn('sort_order') order!: number;
  @StringColumn('danger_level', 20) dangerLevel!: DangerLevel;
  @BooleanColumn('requires_confirmation') requiresConfirmation!: boolean;
  /** JSON Schema of the payload; null accepts any. */
  @JsonColumn('input_schema', { nullable: true }) inputSchema!: JsonObject | null;
  @IntegerColumn('timeout_seconds', { nullable: true }) timeoutSeconds!: number | null;
  @BooleanColumn('enabled') enabled!: boolean;
}
