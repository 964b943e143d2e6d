import { Injectable } from '@nestjs/common';
import type { Instant, UserId } from '#contracts';
import { Clock, toInstant } from '../../../common/clock.js';
import { hashToken, makeToken } from '../../../common/crypto/hashes.js';
import { Database } from '../../../database/database.js';
import type { UserEntity } from '../users/user.entity.js';
import { type ChallengePurpose, PasskeyChallengeEntity } from './passkey-challenge.entity.js';

/** A challenge that is waiting for its answer. */
interface IssuedChallenge {
  /** Allows one answer; stored only as a hash. */
  readonly ticket: string;
  readonly expiresAt: Instant;
}

/** A challenge whose ticket has just been used. */
export interface ConsumedChallenge {
  readonly userId: UserId;
  readonly challenge: string;
  readonly userSessionEpoch: number;
}

/** The challenges for authenticators. They are rows, so that any replica can accept the answer, and only one of them does. */
@Injectable()
export class PasskeyChallengesStore {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** Stores a challenge for `user` for `ttlSeconds`. */
  async issue(
    user: UserEntity,
    purpose: ChallengePurpose,
    challenge: string,
    ttlSeconds: number,
  ): Promise<IssuedChallenge> {
    const ticket = makeToken('');
    const now = this.clock.now();
    const row: PasskeyChallengeEntity = {
      ticketHash: hashToken(ticket),
      userId: user.id,
      purpose,
      challenge,
      userSessionEpoch: user.sessionEpoch,
      expiresAt: this.clock.secondsFromNow(ttlSeconds),
    };
    await this.db.transaction(async (tx) => {
      // Only a correct password leads here, so few rows are left behind.
      await tx.delete(PasskeyChallengeEntity, 'expires_at <= :now', { now: now.getTime() });
      await tx.insert(PasskeyChallengeEntity, row);
    });
    return { ticket, expiresAt: toInstant(row.expiresAt) };
  }

  /** Returns the challenge of a ticket to its first caller, unless it has expired; otherwise null. */
  async consume(ticket: string, purpose: ChallengePurpose): Promise<ConsumedChallenge | null> {
    const condition = 'ticket_hash = :ticketHash AND purpose = :purpose';
    const parameters = { ticketHash: hashToken(ticket), purpose };
    return this.db.transaction(async (tx) => {
      const found = await this.db.findOne(PasskeyChallengeEntity, condition, parameters, tx);
      const deleted = await tx.delete(PasskeyChallengeEntity, condition, parameters);
      return found && deleted === 1 && found.expiresAt > this.clock.now() ? found : null;
    });
  }
}
