import { Entity, PrimaryColumn } from 'typeorm';
import { InstantColumn, StringColumn } from '../columns.js';

/** Which replica may do a piece of work that one at a time does. */
@Entity('leases')
export class LeaseEntity {
  @PrimaryColumn({ name: 'name', type: 'varchar', length: 80, primaryKeyConstraintName: 'pk_leases' }) name!: string;
  /** The replica that took it last; empty when it gave it back. */
  @StringColumn('holder', 80) holder!: string;
  @InstantColumn('taken_at') takenAt!: Date;
  /** From then on any replica may take it: its holder released it, or died. */
  @InstantColumn('expires_at') expiresAt!: Date;
}
