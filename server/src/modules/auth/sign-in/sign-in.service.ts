import { Injectable } from '@nestjs/common';
import type { LoginRequest } from '#contracts';
import { unauthorized } from '../../../common/errors/domain-error.js';
import { Database } from '../../../database/database.js';
import { Passwords } from '../../users/passwords.js';
import type { UserEntity } from '../../users/user.entity.js';
import { UsersRepository } from '../../users/users.repository.js';
import type { PasskeyEntity } from '../passkeys/passkey.entity.js';
import type { LiveSession } from '../sessions.repository.js';
import { SessionsService, type OpenedSession } from '../sessions.service.js';
import { SignInAudit } from './sign-in-audit.js';
import type { SignInSource } from './sign-in-source.js';
import { SignInThrottle, type SignInLimits } from './sign-in-throttle.js';

/** What somebody has shown to sign in: a password, and a passkey unless they have none. */
export interface SignInProof {
  readonly user: UserEntity;
  readonly passkey: PasskeyEntity | null;
}

interface Attempt extends LoginRequest {
  readonly source: SignInSource;
  readonly user: UserEntity | null;
  readonly limits: SignInLimits;
}

/** The one way in: a password is checked, then a passkey if there is one, then the session opens. */
@Injectable()
export class SignInService {
  constructor(
    private readonly db: Database,
    private readonly users: UsersRepository,
    private readonly passwords: Passwords,
    private readonly throttle: SignInThrottle,
    private readonly sessions: SessionsService,
    private readonly audit: SignInAudit,
  ) {}

  /**
   * The user with this name and password, or null: for an unknown name, a wrong password and a disabled user alike, and
   * after the same work.
   * @throws RATE_LIMITED
   */
  async checkPassword({ username, password }: LoginRequest, source: SignInSource): Promise<UserEntity | null> {
    const user = await this.users.findByUsername(username);
    const attempt = { username, password, source, user, limits: this.throttle.limitsOf(username, user, source) };
    return this.throttle.hear(
      attempt.limits,
      () => this.#check(attempt),
      () => this.audit.refusedUnheard(username, source),
    );
  }

  /**
   * Opens a session for a user who has shown what it takes, in place of the one the browser had.
   * @throws UNAUTHORIZED when that changed meanwhile
   */
  async open(
    { user: checked, passkey }: SignInProof,
    source: SignInSource,
    replaced: LiveSession | null,
  ): Promise<OpenedSession> {
    return this.db.transaction(async (tx) => {
      const user = await this.users.findById(checked.id, tx);
      if (user?.passwordHash !== checked.passwordHash || user.status !== 'ACTIVE') throw unauthorized();
      if (user.sessionEpoch !== checked.sessionEpoch || user.passkeyCount > 0 !== (passkey !== null))
        throw unauthorized();
      await this.throttle.forget(tx, this.throttle.limitsOf(user.username, user, source));
      if (replaced) await this.sessions.end(tx, replaced.session.id);
      const opened = await this.sessions.open(tx, user, source.origin);
      await this.users.noteSignIn(user.id, opened.live.session.createdAt, tx);
      await this.audit.succeeded(tx, { live: opened.live, passkey }, source);
      return opened;
    });
  }

  async #check({ user, username, password, source, limits }: Attempt): Promise<UserEntity | null> {
    const fits = await this.passwords.verify(user?.passwordHash ?? null, password);
    if (user && fits && user.status === 'ACTIVE') return this.#withPresentHash(user, password);
    await this.db.transaction(async (tx) => {
      await this.throttle.countFailure(tx, limits);
      await this.audit.refused(tx, { username, userId: user?.id ?? null }, source);
    });
    return null;
  }

  /** The user, with a hash of today's parameters: only now is the password at hand to make one. */
  async #withPresentHash(user: UserEntity, password: string): Promise<UserEntity> {
    if (!this.passwords.isOutdated(user.passwordHash)) return user;
    const passwordHash = await this.passwords.hash(password);
    const isRenewed = await this.db.transaction((tx) => this.users.renewHash(user, passwordHash, tx));
    return isRenewed ? { ...user, passwordHash } : user;
  }
}
