import { Entity, PrimaryColumn } from 'typeorm';
import { CountColumn, InstantColumn, StringColumn } from '../../../database/columns.js';

/** What retention left of the beginning of the chain: how far it removed, and the hash that goes on from there. */
@Entity('audit_tombstones')
export class AuditTombstoneEntity {
  /** The last seal that was removed; all before it were, too. */
  @PrimaryColumn({ name: 'through_sequence', type: 'integer', primaryKeyConstraintName: 'pk_audit_tombstones' })
  throughSequence!: number;
  /** The position of the last event that was removed, which is how many there were. */
  @CountColumn('through_position') throughPosition!: number;
  /** The hash of the last seal that was removed. */
  @StringColumn('root', 43) root!: string;
  @InstantColumn('removed_at') removedAt!: Date;
  @StringColumn('signature', 43) signature!: string;
}
