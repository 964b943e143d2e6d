import { Injectable } from '@nestjs/common';
import type { ChangePasswordRequest } from '#contracts';
import { unauthorized, validationFailed } from '../../common/errors/domain-error.js';
import type { RequestOrigin } from '../../common/http/identity.js';
import { Clock } from '../../common/time/clock.js';
import { Database } from '../../database/database.js';
import type { Tx } from '../../database/tx.js';
import { AuditService } from '../audit/audit.service.js';
import { Passwords } from '../users/passwords.js';
import type { UserEntity } from '../users/user.entity.js';
import { UsersRepository } from '../users/users.repository.js';
import type { PasskeyRefusal } from './passkeys/passkey-sign-in.js';
import type { PasskeyEntity } from './passkeys/passkey.entity.js';
import { SessionsService, type OpenedSession } from './sessions.service.js';
import { toUserActor, type SignedIn } from './signed-in.js';

const MAX_AUDITED_NAME_LENGTH = 80;

/** What somebody has shown to sign in: a password, and a passkey unless they have none. */
export interface SignInProof {
  readonly user: UserEntity;
  readonly passkey: PasskeyEntity | null;
}

/** A user's own sign-in: in, out, and their password. */
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

  /**
   * The user with this name and password, or null: for an unknown name, a wrong password and a disabled user alike, and
   * after the same work.
   */
  async checkPassword(username: string, password: string, origin: RequestOrigin): Promise<UserEntity | null> {
    const user = await this.users.findByUsername(username);
    const fits = await this.passwords.verify(user?.passwordHash ?? null, password);
    if (user && fits && user.status === 'ACTIVE') return user;
    await this.db.transaction((tx) =>
      this.audit.record(tx, {
        actor: { kind: 'unknown-user', origin },
        action: 'session.login.failed',
        target: { type: 'User', id: user?.id ?? null },
        result: 'FAILURE',
        message: 'A sign-in was refused.',
        metadata: { username: username.slice(0, MAX_AUDITED_NAME_LENGTH) },
      }),
    );
    return null;
  }

  /** Writes down a second step that was refused. */
  async notePasskeyRefusal(tx: Tx, { user, regressed }: PasskeyRefusal, origin: RequestOrigin): Promise<void> {
    const common = {
      actor: { kind: 'unknown-user', origin },
      target: { type: 'User', id: user.id },
      result: 'FAILURE',
    } as const;
    await this.audit.record(tx, {
      ...common,
      action: 'session.login.failed',
      message: 'A sign-in was refused at its second step.',
      metadata: { username: user.username, step: 'passkey' },
    });
    if (!regressed) return;
    const { passkey, counter } = regressed;
    await this.audit.record(tx, {
      ...common,
      action: 'passkey.counter.regressed',
      message: `The passkey ${passkey.name} of ${user.username} counted backwards: somebody may have a copy of it.`,
      metadata: { username: user.username, passkeyId: passkey.id, stored: passkey.counter, shown: counter },
    });
  }

  /**
   * Opens a session for a user whose password was checked, and who showed a passkey if they have one.
   * @throws UNAUTHORIZED when that changed meanwhile
   */
  async signIn({ user: checked, passkey }: SignInProof, origin: RequestOrigin): Promise<OpenedSession> {
    return this.db.transaction(async (tx) => {
      const user = await this.users.findById(checked.id, tx);
      if (user?.passwordHash !== checked.passwordHash || user.status !== 'ACTIVE') throw unauthorized();
      if (user.sessionEpoch !== checked.sessionEpoch || user.passkeyCount > 0 !== (passkey !== null))
        throw unauthorized();
      await this.users.change(user.id, { lastLoginAt: this.clock.now() }, tx);
      const opened = await this.sessions.open(tx, user, origin);
      await this.audit.record(tx, {
        actor: toUserActor(opened.live, origin),
        action: 'session.login.succeeded',
        target: { type: 'User', id: user.id },
        message: `${user.username} signed in${passkey ? ' with a passkey' : ''}.`,
        metadata: passkey ? { passkeyId: passkey.id } : {},
      });
      return opened;
    });
  }

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

  /** Changes the user's own password and ends their other sessions. @throws VALIDATION_FAILED for a wrong current one */
  async changePassword({ actor, live }: SignedIn, request: ChangePasswordRequest): Promise<void> {
    if (!(await this.passwords.verify(live.user.passwordHash, request.currentPassword))) {
      throw validationFailed([{ path: 'currentPassword', message: 'currentPassword is not your current password' }]);
    }
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
