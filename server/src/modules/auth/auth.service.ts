import { Injectable } from '@nestjs/common';
import type { ChangePasswordRequest } from '#contracts';
import { unauthorized, validationFailed } from '../../common/errors/domain-error.js';
import { Clock } from '../../common/time/clock.js';
import { Database } from '../../database/database.js';
import { AuditService } from '../audit/audit.service.js';
import { requireGoodPassword } from '../users/password-policy.js';
import { Passwords } from '../users/passwords.js';
import { UsersRepository } from '../users/users.repository.js';
import { SessionsService } from './sessions.service.js';
import type { SignedIn } from './signed-in.js';

/** What signed-in users do with their own sign-in: out, and their password. */
@Injectable()
export class AuthService {
  constructor(
    private readonly db: Database,
    private readonly users: UsersRepository,
    private readonly passwords: Passwords,
    private readonly sessions: SessionsService,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  /** Ends this session. */
  async signOut({ actor }: SignedIn): Promise<void> {
    await this.db.transaction(async (tx) => {
      await this.sessions.end(tx, actor.sessionId);
      await this.audit.record(tx, {
        actor,
        action: 'session.logout',
        target: { type: 'User', id: actor.id },
        message: `${actor.username} signed out.`,
      });
    });
  }

  /** A new CSRF token; the earlier one is refused from now on. */
  async refreshCsrf({ actor, live }: SignedIn): Promise<string> {
    return this.db.transaction(async (tx) => {
      const token = await this.sessions.rotateCsrf(tx, live.session);
      await this.audit.record(tx, {
        actor,
        action: 'session.csrf.refreshed',
        target: { type: 'User', id: actor.id },
        message: `${actor.username} asked for a new CSRF token.`,
      });
      return token;
    });
  }

  /** Changes the user's own password and ends their other sessions. @throws VALIDATION_FAILED for a wrong current one, or a new one that is easily guessed */
  async changePassword({ actor, live }: SignedIn, request: ChangePasswordRequest): Promise<void> {
    if (!(await this.passwords.verify(live.user.passwordHash, request.currentPassword))) {
      throw validationFailed([{ path: 'currentPassword', message: 'currentPassword is not your current password' }]);
    }
    requireGoodPassword('newPassword', request.newPassword, live.user.username);
    const passwordHash = await this.passwords.hash(request.newPassword);
    await this.db.transaction(async (tx) => {
      const isReplaced = await this.users.replacePassword(live.user, passwordHash, this.clock.now(), tx);
      if (!isReplaced) throw unauthorized('Your password was changed meanwhile; sign in again.');
      await this.sessions.keepOnly(tx, live);
      await this.audit.record(tx, {
        actor,
        action: 'user.password.changed',
        target: { type: 'User', id: actor.id },
        message: `${actor.username} changed their password; their other sessions ended.`,
      });
    });
  }
}
