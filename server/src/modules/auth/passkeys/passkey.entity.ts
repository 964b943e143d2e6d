import { Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation, Unique } from 'typeorm';
import type { Passkey, PasskeyId, UserId } from '#contracts';
import { toInstant, toInstantOrNull } from '../../../common/clock.js';
import {
  BooleanColumn,
  CountColumn,
  IdColumn,
  InstantColumn,
  JsonColumn,
  StringColumn,
  TextColumn,
} from '../../../database/columns.js';
import { UserEntity } from '../users/user.entity.js';

@Entity('passkeys')
@Unique('uq_passkeys_credential_id', ['credentialId'])
@Index('ix_passkeys_user_id', ['userId'])
export class PasskeyEntity {
  @PrimaryColumn({ name: 'id', type: 'varchar', length: 40, primaryKeyConstraintName: 'pk_passkeys' }) id!: PasskeyId;
  @IdColumn('user_id') userId!: UserId;
  @ManyToOne(() => UserEntity, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'user_id', foreignKeyConstraintName: 'fk_passkeys_user_id' })
  user?: Relation<UserEntity>;
  /** The authenticator's own id of the key pair, in base64url. */
  @StringColumn('credential_id', 1400) credentialId!: string;
  /** COSE key in base64url; the private half never leaves the authenticator. */
  @TextColumn('public_key') publicKey!: string;
  /** The authenticator's own count of uses; always 0 for authenticators that do not count. */
  @CountColumn('counter') counter!: number;
  @JsonColumn('transports') transports!: readonly string[];
  @BooleanColumn('is_backed_up') isBackedUp!: boolean;
  /** The host name it was made for; it works nowhere else. */
  @StringColumn('rp_id', 255) rpId!: string;
  @StringColumn('name', 80) name!: string;
  @InstantColumn('created_at') createdAt!: Date;
  @InstantColumn('last_used_at', { nullable: true }) lastUsedAt!: Date | null;
}

/** The passkey as the API shows it, without its key. */
export const toPasskey = (passkey: PasskeyEntity): Passkey => ({
  id: passkey.id,
  name: passkey.name,
  host: passkey.rpId,
  transports: passkey.transports,
  isBackedUp: passkey.isBackedUp,
  createdAt: toInstant(passkey.createdAt),
  lastUsedAt: toInstantOrNull(passkey.lastUsedAt),
});
