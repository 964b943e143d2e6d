import { Entity, PrimaryColumn } from 'typeorm';
import { InstantColumn, StringColumn } from '../columns.js';

/** What one replica at a time may do, and which. */
@Entity('leases')
export class LeaseEntity {
  @PrimaryColumn({ name: 'name', type: 'varchar', length: 80, primaryKeyConstraintName: 'pk_leases' }) name!: string;
  /** Who took it last. */
  @StringColumn('holder', 80) holder!: string;
  @InstantColumn('taken_at') takenAt!: Date;
  /** From then on anybody may take it: its holder gave it back, or died. */
  @InstantColumn('expires_at') expiresAt!: Date;
}
