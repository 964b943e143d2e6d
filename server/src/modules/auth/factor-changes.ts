import { Injectable } from '@nestjs/common';
import type { AuditAction, PasswordConfirmation } from '#contracts';
import { Database } from '../../database/database.js';
import type { Tx } from '../../database/tx.js';
import { AuditService } from '../audit/audit.service.js';
import { UsersRepository } from '../users/users.repository.js';
import { PasswordConfirmations } from './password-confirmations.js';
import { SessionsService } from './sessions.service.js';
import type { SignedIn } from './signed-in.js';

/** What was done, as the audit tells it. */
export interface FactorChange {
  readonly action: AuditAction;
  readonly message: string;
  readonly metadata?: object;
}

/** Changes what a user signs in with: after the password, and at the cost of their other sessions. */
@Injectable()
export class FactorChanges {
  constructor(
    private readonly db: Database,
    private readonly users: UsersRepository,
    private readonly confirmations: PasswordConfirmations,
    private readonly sessions: SessionsService,
    private readonly audit: AuditService,
  ) {}

  /** Whoever found an open session does not get past this. @throws VALIDATION_FAILED for a wrong password, RATE_LIMITED after too many */
  confirm(signedIn: SignedIn, request: PasswordConfirmation): Promise<void> {
    return this.confirmations.demand(signedIn, request);
  }

  /** Does `work`, ends the user's other sessions and audits, all or nothing. */
  async change({ actor, live }: SignedIn, work: (tx: Tx) => Promise<FactorChange>): Promise<void> {
    await this.db.transaction(async (tx) => {
      const done = await work(tx);
      await this.users.endSessions(actor.id, tx);
      await this.sessions.keepOnly(tx, live);
      await this.audit.record(tx, { actor, target: { type: 'User', id: actor.id }, ...done });
    });
  }
}
