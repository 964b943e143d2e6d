import { Injectable } from '@nestjs/common';
import type { ChangePasswordRequest } from '#contracts';
import { unauthorized } from '../../common/errors/domain-error.js';
import { Clock } from '../../common/time/clock.js';
import { requireGoodPassword } from '../users/password-policy.js';
import { Passwords } from '../users/passwords.js';
import { UsersRepository } from '../users/users.repository.js';
import { FactorChanges } from './factor-changes.js';
import type { SignedIn } from './signed-in.js';

/** The password of whoever is signed in. */
@Injectable()
export class OwnPassword {
  constructor(
    private readonly factors: FactorChanges,
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
    await this.factors.change(signedIn, async (tx) => {
      const isReplaced = await this.users.replacePassword(user, passwordHash, this.clock.now(), tx);
      if (!isReplaced) throw unauthorized('Your password was changed meanwhile; sign in again.');
      return {
        action: 'user.password.changed',
        message: `${user.username} changed their password; their other sessions ended.`,
      };
    });
  }
}
