import { Injectable } from '@nestjs/common';
import type { CommandId, UserId } from '#contracts';
import { Clock } from '../../../common/clock.js';
import { canonicalJson, hashToken } from '../../../common/crypto/hashes.js';
import { SecretBox } from '../../../common/crypto/secret-box.js';
import { MaintenanceJob } from '../../../common/maintenance-job.js';
import { Database } from '../../../database/database.js';
import type { Tx } from '../../../database/tx.js';
import { idempotencyKeyReused } from '../command.errors.js';
import { IdempotencyKeyEntity } from './idempotency-key.entity.js';

const LIFETIME_SECONDS = 86_400;
const PRUNE_BATCH = 500;

const OLDEST = 'SELECT key_hash FROM idempotency_keys WHERE created_at <= :cutoff ORDER BY created_at LIMIT :limit';

/** What a user asks for under an `Idempotency-Key`. */
export interface KeyedRequest {
  readonly userId: UserId;
  readonly key: string;
  /** Everything that distinguishes this request from another one. */
  readonly content: object;
}

/** Remembers for 24 hours which request created which command, so that a client can repeat a request safely. */
@Injectable()
export class IdempotencyKeysStore {
  constructor(
    private readonly db: Database,
    private readonly box: SecretBox,
    private readonly clock: Clock,
  ) {}

  /** The command this request created; null when the key is new. @throws IDEMPOTENCY_KEY_REUSED by another request */
  async find(tx: Tx, request: KeyedRequest): Promise<CommandId | null> {
    const keyHash = hashOf(request);
    const known = await this.db.findOne(IdempotencyKeyEntity, 'key_hash = :keyHash', { keyHash }, tx);
    if (!known || known.createdAt <= this.#cutoff()) return null;
    if (!this.box.verify(messageOf(request), known.requestSignature)) throw idempotencyKeyReused();
    return known.commandId;
  }

  /** Stores which command the request created. Fails with a unique violation when the same key was stored first. */
  async remember(tx: Tx, request: KeyedRequest, commandId: CommandId): Promise<void> {
    const keyHash = hashOf(request);
    const expired = { keyHash, cutoff: this.#cutoff().getTime() };
    await tx.delete(IdempotencyKeyEntity, 'key_hash = :keyHash AND created_at <= :cutoff', expired);
    const requestSignature = this.box.sign(messageOf(request));
    await tx.insert(IdempotencyKeyEntity, { keyHash, requestSignature, commandId, createdAt: this.clock.now() });
  }

  /** Deletes one bounded batch of expired keys; returns how many. Call again until it is 0. */
  @MaintenanceJob({ id: 'idempotency-keys', phase: 'expire', description: 'Deletes idempotency keys after their day.' })
  prune(): Promise<number> {
    const parameters = { cutoff: this.#cutoff().getTime(), limit: PRUNE_BATCH };
    return this.db.transaction((tx) => tx.delete(IdempotencyKeyEntity, `key_hash IN (${OLDEST})`, parameters));
  }

  #cutoff(): Date {
    return this.clock.secondsFromNow(-LIFETIME_SECONDS);
  }
}

const hashOf = ({ userId, key }: KeyedRequest): string => hashToken(`${userId} ${key}`);

const messageOf = (request: KeyedRequest): string => `idempotency ${hashOf(request)} ${canonicalJson(request.content)}`;
