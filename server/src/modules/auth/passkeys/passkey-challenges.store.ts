import { Injectable } from '@nestjs/common';
import { LessThanOrEqual } from 'typeorm';
import type { Instant, UserId } from '#contracts';
import { Clock, toInstant } from '../../../common/clock.js';
import { hashToken, makeToken } from '../../../common/crypto/hashes.js';
import { Database } from '../../../database/database.js';
import type { UserEntity } from '../users/user.entity.js';
import { type ChallengePurpose, PasskeyChallengeEntity } from './passkey-challenge.entity.js';

/** A challenge that waits for its answer. */
export interface IssuedChallenge {
  /** Whoever has it may answer, once; it is kept nowhere. */
  readonly ticket: string;
  readonly expiresAt: Instant;
}

export interface TakenChallenge {
  readonly userId: UserId;
  readonly challenge: string;
  readonly userSessionEpoch: number;
}

/** What authenticators were asked to sign. In the database, so that any replica may take the answer, and only one does. */
@Injectable()
export class PasskeyChallenges {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** Keeps a challenge for `user` until `ttlSeconds` from now. */
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
      // Only who has shown a password gets here, so those that were left are few.
      await tx.manager.delete(PasskeyChallengeEntity, { expiresAt: LessThanOrEqual(now) });
      await tx.insert(PasskeyChallengeEntity, row);
    });
    return { ticket, expiresAt: toInstant(row.expiresAt) };
  }

  /** The challenge behind a ticket, for the first who asks and if it is in time; else null. */
  async consume(ticket: string, purpose: ChallengePurpose): Promise<TakenChallenge | null> {
    const ticketHash = hashToken(ticket);
    return this.db.transaction(async (tx) => {
      const found = await tx.manager.findOneBy(PasskeyChallengeEntity, { ticketHash, purpose });
      const { affected } = await tx.manager.delete(PasskeyChallengeEntity, { ticketHash, purpose });
      return found && affected === 1 && found.expiresAt > this.clock.now() ? found : null;
    });
  }
}
