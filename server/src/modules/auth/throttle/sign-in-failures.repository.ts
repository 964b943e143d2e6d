import { Injectable } from '@nestjs/common';
import { Database } from '../../../database/database.js';
import type { Tx } from '../../../database/tx.js';
import { SignInFailureEntity } from './sign-in-failure.entity.js';
import type { SignInLimit } from './sign-in-limits.js';

const IS_FORGOTTEN = 'forgotten_at <= :now';

@Injectable()
export class SignInFailuresRepository {
  constructor(private readonly db: Database) {}

  /** The counts of these subjects that are not forgotten yet. */
  find(subjects: readonly string[], now: Date): Promise<SignInFailureEntity[]> {
    const parameters = { subjects, now: now.getTime() };
    return this.db.find(SignInFailureEntity, 'subject IN (:...subjects) AND forgotten_at > :now', parameters);
  }

  /** Adds one failure; starts again at 1 when the earlier ones are forgotten. */
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

  /** Limits what a clock ahead of its time stored to the present: as it is, it would block until then. */
  async bringBack({ subject, memorySeconds }: SignInLimit, now: Date, tx: Tx): Promise<void> {
    const changes = {
      lastFailedAt: () => 'CASE WHEN last_failed_at > :now THEN :now ELSE last_failed_at END',
      forgottenAt: () => 'CASE WHEN forgotten_at > :latest THEN :latest ELSE forgotten_at END',
    };
    const latest = now.getTime() + memorySeconds * 1000;
    await tx.update(SignInFailureEntity, changes, 'subject = :subject', { subject, now: now.getTime(), latest });
  }

  /** Deletes the counts of these subjects. */
  async delete(subjects: readonly string[], tx: Tx): Promise<void> {
    await tx.delete(SignInFailureEntity, 'subject IN (:...subjects)', { subjects });
  }

  /** Deletes at most `limit` forgotten rows; returns how many. */
  deleteForgotten(now: Date, limit: number, tx: Tx): Promise<number> {
    const forgotten = `SELECT subject FROM sign_in_failures WHERE ${IS_FORGOTTEN} LIMIT :limit`;
    return tx.delete(SignInFailureEntity, `subject IN (${forgotten})`, { now: now.getTime(), limit });
  }
}
