import { Injectable } from '@nestjs/common';
import type { PasskeyId, UserId } from '#contracts';
import { Database } from '../../../database/database.js';
import type { Tx } from '../../../database/tx.js';
import { PasskeyEntity } from './passkey.entity.js';

@Injectable()
export class PasskeysRepository {
  constructor(private readonly db: Database) {}

  /** The passkeys of a user, oldest first. */
  allOf(userId: UserId, tx?: Tx): Promise<PasskeyEntity[]> {
    return this.db.find(PasskeyEntity, 'user_id = :userId ORDER BY id', { userId }, tx);
  }

  findOwn(userId: UserId, id: PasskeyId, tx: Tx): Promise<PasskeyEntity | null> {
    return this.db.findOne(PasskeyEntity, 'id = :id AND user_id = :userId', { id, userId }, tx);
  }

  findByCredential(userId: UserId, credentialId: string): Promise<PasskeyEntity | null> {
    const condition = 'credential_id = :credentialId AND user_id = :userId';
    return this.db.findOne(PasskeyEntity, condition, { credentialId, userId });
  }

  async insert(passkey: PasskeyEntity, tx: Tx): Promise<void> {
    await tx.insert(PasskeyEntity, passkey);
  }

  async rename(id: PasskeyId, name: string, tx: Tx): Promise<void> {
    await tx.update(PasskeyEntity, { name }, 'id = :id', { id });
  }

  /** Records a use; false when the authenticator's counter did not rise, unless it is always 0. */
  async recordUse(id: PasskeyId, counter: number, at: Date, tx: Tx): Promise<boolean> {
    const condition = 'id = :id AND (counter < :shown OR (counter = 0 AND :shown = 0))';
    return (await tx.update(PasskeyEntity, { counter, lastUsedAt: at }, condition, { id, shown: counter })) > 0;
  }

  async delete(id: PasskeyId, tx: Tx): Promise<boolean> {
    return (await tx.delete(PasskeyEntity, 'id = :id', { id })) > 0;
  }

  async deleteAllOf(userId: UserId, tx: Tx): Promise<void> {
    await tx.delete(PasskeyEntity, 'user_id = :userId', { userId });
  }
}
