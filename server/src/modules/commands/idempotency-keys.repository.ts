import { Injectable } from '@nestjs/common';
import type { Tx } from '../../database/tx.js';
import { IdempotencyKeyEntity } from './idempotency-key.entity.js';

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
    await tx.manager
      .createQueryBuilder()
      .delete()
      .from(IdempotencyKeyEntity)
      .where('key_hash = :keyHash AND created_at <= :before', { keyHash, before: before.getTime() })
      .execute();
  }

  /** Forgets at most `limit` keys that were used before an instant; returns how many. */
  async deleteBefore(before: Date, limit: number, tx: Tx): Promise<number> {
    const old = tx.manager
      .createQueryBuilder(IdempotencyKeyEntity, 'key')
      .select('key.key_hash')
      .where('key.created_at <= :before', { before: before.getTime() })
      .orderBy('key.created_at')
      .limit(limit);
    const deleted = await tx.manager
      .createQueryBuilder()
      .delete()
      .from(IdempotencyKeyEntity)
      .where(`key_hash IN (${old.getQuery()})`)
      .setParameters(old.getParameters())
      .execute();
    return deleted.affected ?? 0;
  }
}
