import { Injectable } from '@nestjs/common';
import type { CommandId, UserId } from '#contracts';
import { Clock } from '../../../common/clock.js';
import { canonicalJson, hashToken } from '../../../common/crypto/hashes.js';
import { SecretBox } from '../../../common/crypto/secret-box.js';
import type { Tx } from '../../../database/tx.js';
import { idempotencyKeyReused } from '../command.errors.js';
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

const KEY_LIFE_SECONDS = 86_400;
const PRUNE_BATCH = 500;

/** What a user asks for under an `Idempotency-Key`. */
export interface KeyedRequest {
  readonly userId: UserId;
  readonly key: string;
  /** Everything that makes it this request. */
  readonly content: object;
}

/** Remembers for a day which request made which command, so that it can be said twice. */
@Injectable()
export class IdempotencyKeysStore {
  constructor(
    private readonly keys: IdempotencyKeysRepository,
    private readonly box: SecretBox,
    private readonly clock: Clock,
  ) {}

  /** The command this request has made; null when the key is new. @throws IDEMPOTENCY_KEY_REUSED by another request */
  async find(tx: Tx, request: KeyedRequest): Promise<CommandId | null> {
    const known = await this.keys.findByHash(hashOf(request), tx);
    if (!known || known.createdAt <= this.#cutoff()) return null;
    if (!this.box.verify(messageOf(request), known.requestSignature)) throw idempotencyKeyReused();
    return known.commandId;
  }

  /** Notes what the request made. Fails on the key when another one was first. */
  async remember(tx: Tx, request: KeyedRequest, commandId: CommandId): Promise<void> {
    const keyHash = hashOf(request);
    await this.keys.deleteIfBefore(keyHash, this.#cutoff(), tx);
    const requestSignature = this.box.sign(messageOf(request));
    await this.keys.insert({ keyHash, requestSignature, commandId, createdAt: this.clock.now() }, tx);
  }

  /** Forgets one bounded batch of keys whose day is over; returns how many. Call again while it is not 0. */
  prune(tx: Tx): Promise<number> {
    return this.keys.deleteBefore(this.#cutoff(), PRUNE_BATCH, tx);
  }

  #cutoff(): Date {
    return this.clock.secondsFromNow(-KEY_LIFE_SECONDS);
  }
}

const hashOf = ({ userId, key }: KeyedRequest): string => hashToken(`${userId} ${key}`);

const messageOf = (request: KeyedRequest): string => `idempotency ${hashOf(request)} ${canonicalJson(request.content)}`;
