import { Injectable } from '@nestjs/common';
import type { User, UserId } from '#contracts';
import { DomainError } from '../../../common/errors/domain-error.js';
import { nameOf, type SystemActor, type UserActor } from '../../../common/http/identity.js';
import { Database } from '../../../database/database.js';
import { AuditService } from '../../audit/audit.service.js';
import { userNotFound } from '../../users/user.errors.js';
import { toUser } from '../../users/user.mapper.js';
import { UsersRepository } from '../../users/users.repository.js';
import { PasskeysRepository } from './passkeys.repository.js';

/** The way back in for who has lost their passkeys. */
@Injectable()
export class PasskeyReset {
  constructor(
    private readonly db: Database,
    private readonly users: UsersRepository,
    private readonly passkeys: PasskeysRepository,
    private readonly audit: AuditService,
  ) {}

  /**
   * Removes all passkeys of a user and ends their sessions at once; of a user without any it changes nothing.
   * @throws USER_NOT_FOUND
   * @throws FORBIDDEN for oneself: one's own are removed one by one, and with the password
   */
  async reset(actor: UserActor | SystemActor, id: UserId): Promise<User> {
    if (actor.kind === 'user' && actor.id === id) {
      throw new DomainError('FORBIDDEN', 'Remove your own passkeys on your account page, with your password.');
    }
    return this.db.transaction(async (tx) => {
      const user = await this.users.findById(id, tx);
      if (!user) throw userNotFound(id);
      if (!(await this.users.countNoPasskeys(id, tx))) return toUser(user);
      await this.passkeys.deleteAllOf(id, tx);
      await this.users.endSessions(id, tx);
      await this.audit.record(tx, {
        actor,
        action: 'user.passkeys.reset',
        target: { type: 'User', id },
        message: `${nameOf(actor)} removed all passkeys of user ${user.username}.`,
        metadata: { username: user.username, passkeys: user.passkeyCount },
      });
      return toUser({ ...user, passkeyCount: 0 });
    });
  }
}
