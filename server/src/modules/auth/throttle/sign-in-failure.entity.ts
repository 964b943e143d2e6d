import { Entity, Index, PrimaryColumn } from 'typeorm';
import { InstantColumn, IntegerColumn } from '../../../database/columns.js';

/** How often a password was refused of late: for one account, one known device, one address, or one user who is signed in. */
@Entity('sign_in_failures')
@Index('ix_sign_in_failures_forgotten_at', ['forgottenAt'])
export class SignInFailureEntity {
  /** SHA-256 of what is counted, in hex: a name that was tried may be a password that was typed into the wrong field. */
  @PrimaryColumn({ name: 'subject', type: 'varchar', length: 64, primaryKeyConstraintName: 'pk_sign_in_failures' })
  subject!: string;
  @IntegerColumn('failures') failures!: number;
  @InstantColumn('last_failed_at') lastFailedAt!: Date;
  /** From here on it counts as none. */
  @InstantColumn('forgotten_at') forgottenAt!: Date;
}
