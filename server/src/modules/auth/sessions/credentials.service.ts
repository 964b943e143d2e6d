import { Injectable } from '@nestjs/common';
import type { PasswordConfirmation } from '#contracts';
import { validationFailed } from '../../common/errors/domain-error.js';
import { Database } from '../../database/database.js';
import { AuditService } from '../audit/audit.service.js';
import { SampledAudit } from '../audit/sampled-audit.js';
import { Passwords } from '../users/passwords.js';
import { SignInThrottle } from './sign-in/sign-in-throttle.js';
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
    const isRight = await this.throttle.hear(
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
