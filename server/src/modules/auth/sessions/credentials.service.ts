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
import { confirmationLimits } from '../throttle/sign-in-limits.js';
import { type RefusalReason, SignInThrottle } from '../throttle/sign-in-throttle.js';
import { UsersRepository } from '../users/users.repository.js';
import { SessionsService } from './sessions.service.js';
import type { SignedIn } from './signed-in.js';

/** The audit event of a changed credential. */
interface FactorChange {
  readonly action: AuditAction;
  readonly message: string;
  readonly metadata?: object;
}

const rejection = ({ actor }: SignedIn) =>
  ({
    actor,
    action: 'user.password.rejected',
    target: { type: 'User', id: actor.id },
    result: 'FAILURE',
  }) as const;

/** Changes what a signed-in user signs in with: requires the password, and ends the user's other sessions. */
@Injectable()
export class CredentialsService {
  constructor(
    private readonly db: Database,
    private readonly users: UsersRepository,
    private readonly passwords: Passwords,
    private readonly throttle: SignInThrottle,
    private readonly sessions: SessionsService,
    private readonly audit: AuditService,
    private readonly sampled: SampledAudit,
    private readonly clock: Clock,
  ) {}

  /**
   * Checks the password again, so that a stolen session does not suffice. The session stays open either way.
   * @throws VALIDATION_FAILED for a wrong password, RATE_LIMITED after too many
   */
  async confirmPassword(signedIn: SignedIn, request: PasswordConfirmation): Promise<void> {
    const isRight = await this.throttle.attempt(
      confirmationLimits(signedIn.live.user),
      () => this.#check(signedIn, request),
      (reason) => this.#recordRefused(signedIn, reason),
    );
    if (isRight) return;
    throw validationFailed([{ path: 'currentPassword', message: 'currentPassword is not your current password' }]);
  }

  /** Runs `change`, ends the user's other sessions and audits, in one transaction. */
  async changeFactor({ actor, live }: SignedIn, change: (tx: Tx) => Promise<FactorChange>): Promise<void> {
    await this.db.transaction(async (tx) => {
      const event = await change(tx);
      await this.users.invalidateSessions(actor.id, tx);
      await this.sessions.keepAlive(tx, live);
      await this.audit.record(tx, { actor, target: { type: 'User', id: actor.id }, ...event });
    });
  }

  /**
   * Sets a new password and ends the user's other sessions.
   * @throws VALIDATION_FAILED for a wrong current password, or a new one that is too easy to guess
   * @throws RATE_LIMITED after too many wrong ones
   */
  async changePassword(signedIn: SignedIn, request: ChangePasswordRequest): Promise<void> {
    await this.confirmPassword(signedIn, request);
    const { user } = signedIn.live;
    await requireGoodPassword('newPassword', request.newPassword, user.username);
    const passwordHash = await this.passwords.hash(request.newPassword);
    await this.changeFactor(signedIn, async (tx) => {
      const isReplaced = await this.users.replacePassword(user, passwordHash, this.clock.now(), tx);
      if (!isReplaced) throw unauthorized('Your password has been changed; sign in again.');
      return {
        action: 'user.password.changed',
        message: `${user.username} changed their password; their other sessions ended.`,
      };
    });
  }

  async #check(signedIn: SignedIn, { currentPassword }: PasswordConfirmation): Promise<boolean> {
    const { actor, live } = signedIn;
    const limits = confirmationLimits(live.user);
    const isRight = await this.passwords.verify(live.user.passwordHash, currentPassword);
    await this.db.transaction(async (tx) => {
      if (isRight) {
        await this.sessions.confirm(tx, live, this.clock.now());
        return this.throttle.forget(tx, limits);
      }
      await this.throttle.countFailure(tx, limits);
      const message = `${actor.username} entered a wrong password when asked to confirm it.`;
      await this.audit.record(tx, { ...rejection(signedIn), message });
    });
    return isRight;
  }

  /** Sampled, because there can be any number of them. */
  #recordRefused(signedIn: SignedIn, reason: RefusalReason): Promise<void> {
    return this.sampled.record({
      ...rejection(signedIn),
      message: `${signedIn.actor.username} has to wait before the password is checked again.`,
      metadata: { reason },
    });
  }
}
