import { Injectable } from '@nestjs/common';
import type { AuditAction, ChangePasswordRequest, PasswordConfirmation } from '#contracts';
import { Clock } from '../../../common/clock.js';
import { unauthorized, validationFailed } from '../../../common/errors.js';
import { Database } from '../../../database/database.js';
import type { Tx } from '../../../database/tx.js';
import { AuditService } from '../../audit/audit.service.js';
import { SampledAudit } from '../../audit/sampled-audit.js';
import { requireGoodPassword } from '../passwords/password-policy.js';
import { Passwords } from '../passwords/passwords.js';
import { SignInThrottle } from '../throttle/sign-in-throttle.js';
import { UsersRepository } from '../users/users.repository.js';
import { SessionsService } from './sessions.service.js';
import type { SignedIn } from './signed-in.js';

const rejection = ({ actor }: SignedIn) =>
  ({
    actor,
    action: 'user.password.rejected',
    target: { type: 'User', id: actor.id },
    result: 'FAILURE',
  }) as const;

/** Asks signed-in users for their password once more. Whoever found an open session cannot guess it there either. */
@Injectable()
export class PasswordConfirmations {
  constructor(
    private readonly db: Database,
    private readonly passwords: Passwords,
    private readonly throttle: SignInThrottle,
    private readonly audit: AuditService,
    private readonly sampled: SampledAudit,
  ) {}

  /** Leaves the session as it is, whatever comes of it. @throws VALIDATION_FAILED for a wrong password, RATE_LIMITED after too many */
  async demand(signedIn: SignedIn, request: PasswordConfirmation): Promise<void> {
    const isRight = await this.throttle.attempt(
      this.throttle.confirmationLimitsOf(signedIn.actor.id),
      () => this.#check(signedIn, request),
      () => this.#refuseUnheard(signedIn),
    );
    if (isRight) return;
    throw validationFailed([{ path: 'currentPassword', message: 'currentPassword is not your current password' }]);
  }

  async #check(signedIn: SignedIn, { currentPassword }: PasswordConfirmation): Promise<boolean> {
    const { actor, live } = signedIn;
    const limits = this.throttle.confirmationLimitsOf(actor.id);
    const isRight = await this.passwords.verify(live.user.passwordHash, currentPassword);
    await this.db.transaction(async (tx) => {
      if (isRight) return this.throttle.forget(tx, limits);
      await this.throttle.countFailure(tx, limits);
      const message = `${actor.username} was asked for their password and gave a wrong one.`;
      await this.audit.record(tx, { ...rejection(signedIn), message });
    });
    return isRight;
  }

  /** Sampled, because there can be any number of them. */
  #refuseUnheard(signedIn: SignedIn): Promise<void> {
    return this.sampled.record({
      ...rejection(signedIn),
      message: `${signedIn.actor.username} was refused unheard, after too many wrong passwords.`,
      metadata: { reason: 'rate' },
    });
  }
}

/** What was done, as the audit tells it. */
export interface FactorChange {
  readonly action: AuditAction;
  readonly message: string;
  readonly metadata?: object;
}

/** Changes what a user signs in with: after the password, and at the cost of their other sessions. */
@Injectable()
export class CredentialsService {
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
  async changeFactor({ actor, live }: SignedIn, work: (tx: Tx) => Promise<FactorChange>): Promise<void> {
    await this.db.transaction(async (tx) => {
      const done = await work(tx);
      await this.users.invalidateSessions(actor.id, tx);
      await this.sessions.invalidateOthers(tx, live);
      await this.audit.record(tx, { actor, target: { type: 'User', id: actor.id }, ...done });
    });
  }
}

/** The password of whoever is signed in. */
@Injectable()
export class OwnPassword {
  constructor(
    private readonly factors: CredentialsService,
    private readonly users: UsersRepository,
    private readonly passwords: Passwords,
    private readonly clock: Clock,
  ) {}

  /**
   * Sets another password and ends the user's other sessions.
   * @throws VALIDATION_FAILED for a wrong current one, or a new one that is easily guessed
   * @throws RATE_LIMITED after too many wrong ones
   */
  async change(signedIn: SignedIn, request: ChangePasswordRequest): Promise<void> {
    await this.factors.confirm(signedIn, request);
    const { user } = signedIn.live;
    requireGoodPassword('newPassword', request.newPassword, user.username);
    const passwordHash = await this.passwords.hash(request.newPassword);
    await this.factors.changeFactor(signedIn, async (tx) => {
      const isReplaced = await this.users.replacePassword(user, passwordHash, this.clock.now(), tx);
      if (!isReplaced) throw unauthorized('Your password was changed meanwhile; sign in again.');
      return {
        action: 'user.password.changed',
        message: `${user.username} changed their password; their other sessions ended.`,
      };
    });
  }
}
