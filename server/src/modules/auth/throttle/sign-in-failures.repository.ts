import { Injectable } from '@nestjs/common';
import { In, LessThanOrEqual } from 'typeorm';
import { Database } from '../../../database/database.js';
import type { Tx } from '../../../database/tx.js';
import { SignInFailureEntity } from './sign-in-failure.entity.js';
import type { SignInLimit } from './sign-in-limits.js';

const IS_FORGOTTEN = 'forgotten_at <= :now';

@Injectable()
export class SignInFailuresRepository {
  constructor(private readonly db: Database) {}

  /** What is counted for these and not yet forgotten. */
  async find(subjects: readonly string[], now: Date): Promise<SignInFailureEntity[]> {
    const rows = await this.db.manager().findBy(SignInFailureEntity, { subject: In([...subjects]) });
    return rows.filter(({ forgottenAt }) => forgottenAt > now);
  }

  /** Counts one more, or the first one again after the others were forgotten. */
  async add({ subject, memorySeconds, isExtendedByEach }: SignInLimit, now: Date, tx: Tx): Promise<void> {
    await tx.insertIfAbsent(SignInFailureEntity, { subject, failures: 0, lastFailedAt: now, forgottenAt: now });
    const until = now.getTime() + memorySeconds * 1000;
    await tx.update(
      SignInFailureEntity,
      {
        failures: () => `CASE WHEN ${IS_FORGOTTEN} THEN 1 ELSE failures + 1 END`,
        lastFailedAt: now,
        forgottenAt: () =>
          isExtendedByEach ? ':until' : `CASE WHEN ${IS_FORGOTTEN} THEN :until ELSE forgotten_at END`,
      },
      'subject = :subject',
      { subject, now: now.getTime(), until },
    );
  }

  async delete(subjects: readonly string[], tx: Tx): Promise<void> {
    await tx.manager.delete(SignInFailureEntity, { subject: In([...subjects]) });
  }

  /** Deletes at most `limit` that are forgotten; returns how many. */
  async deleteForgotten(now: Date, limit: number, tx: Tx): Promise<number> {
    const forgotten = await tx.manager.find(SignInFailureEntity, {
      where: { forgottenAt: LessThanOrEqual(now) },
      take: limit,
    });
    if (forgotten.length > 0) await tx.manager.remove(forgotten);
    return forgotten.length;
  }
}
