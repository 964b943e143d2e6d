import { Entity, Index, PrimaryColumn } from 'typeorm';
import { InstantColumn, IntegerColumn } from '../../../database/columns.js';

/** How many attempts failed recently for one account, known device, address or signed-in user. */
@Entity('sign_in_failures')
@Index('ix_sign_in_failures_forgotten_at', ['forgottenAt'])
export class SignInFailureEntity {
  /** SHA-256 in hex of the counted subject: a name that was tried may be a password typed into the wrong field. */
  @PrimaryColumn({ name: 'subject', type: 'varchar', length: 64, primaryKeyConstraintName: 'pk_sign_in_failures' })
  subject!: string;
  @IntegerColumn('failures') failures!: number;
  @InstantColumn('last_failed_at') lastFailedAt!: Date;
  /** When the row stops counting. */
  @InstantColumn('forgotten_at') forgottenAt!: Date;
}
