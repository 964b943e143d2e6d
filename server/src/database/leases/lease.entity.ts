import { Entity, PrimaryColumn } from 'typeorm';
import { InstantColumn, StringColumn } from '../columns.js';

/** The right of one replica to do work that only one should do at a time. */
@Entity('leases')
export class LeaseEntity {
  @PrimaryColumn({ name: 'name', type: 'varchar', length: 80, primaryKeyConstraintName: 'pk_leases' }) name!: string;
  /** The replica that holds it; empty once released. */
  @StringColumn('holder', 80) holder!: string;
  @InstantColumn('taken_at') takenAt!: Date;
  /** Any replica may take it from then on: its holder released it or died. */
  @InstantColumn('expires_at') expiresAt!: Date;
}
