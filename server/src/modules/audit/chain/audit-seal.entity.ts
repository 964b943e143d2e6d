import { Entity, PrimaryColumn } from 'typeorm';
import { CountColumn, InstantColumn, IntegerColumn, StringColumn, TextColumn } from '../../../database/columns.js';

/** One link of the chain: what it covers, and the hash of the link before it. */
@Entity('audit_seals')
export class AuditSealEntity {
  /** From 1, without gaps. */
  @PrimaryColumn({ name: 'sequence', type: 'integer', primaryKeyConstraintName: 'pk_audit_seals' }) sequence!: number;
  /** Where its first event stands in the whole audit, from 1. */
  @CountColumn('first_position') firstPosition!: number;
  @IntegerColumn('event_count') eventCount!: number;
  /** A line `<event id> <SHA-256 of the event>` for each event, in their order. */
  @TextColumn('entries') entries!: string;
  @InstantColumn('newest_event_at') newestEventAt!: Date;
  @InstantColumn('sealed_at') sealedAt!: Date;
  @StringColumn('previous_hash', 43) previousHash!: string;
  @StringColumn('hash', 43) hash!: string;
  @StringColumn('signature', 43) signature!: string;
}
