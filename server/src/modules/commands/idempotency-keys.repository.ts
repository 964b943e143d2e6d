import { Injectable } from '@nestjs/common';
import type { Tx } from '../../database/tx.js';
import { IdempotencyKeyEntity } from './idempotency-key.entity.js';

const OLDEST = `SELECT key_hash FROM idempotency_keys WHERE created_at <= :before ORDER BY created_at LIMIT :limit`;

@Injectable()
export class IdempotencyKeysRepository {
  findByHash(keyHash: string, tx: Tx): Promise<IdempotencyKeyEntity | null> {
    return tx.manager.findOneBy(IdempotencyKeyEntity, { keyHash });
  }

  async insert(key: IdempotencyKeyEntity, tx: Tx): Promise<void> {
    await tx.insert(IdempotencyKeyEntity, key);
  }

  /** Forgets the key if it was used before an instant. */
  async deleteIfBefore(keyHash: string, before: Date, tx: Tx): Promise<void> {
    const parameters = { keyHash, before: before.getTime() };
    await tx.delete(IdempotencyKeyEntity, 'key_hash = :keyHash AND created_at <= :before', parameters);
  }

  /** Forgets at most `limit` keys that were used before an instant; returns how many. */
  deleteBefore(before: Date, limit: number, tx: Tx): Promise<number> {
    return tx.delete(IdempotencyKeyEntity, `key_hash IN (${OLDEST})`, { before: before.getTime(), limit });
  }
}
