import { Injectable } from '@nestjs/common';
import type { LoginRequest } from '#contracts';
import { Turns } from '../../../common/concurrency/turns.js';
import { DomainError, unauthorized } from '../../../common/errors/domain-error.js';
import { Database } from '../../../database/database.js';
import { Passwords } from '../../users/passwords.js';
import type { UserEntity } from '../../users/user.entity.js';
import { UsersRepository } from '../../users/users.repository.js';
import type { LiveSession } from '../sessions.repository.js';
import { SessionsService, type OpenedSession } from '../sessions.service.js';
import { SignInAudit } from './sign-in-audit.js';
import type { SignInSource } from './sign-in-source.js';
import { SignInThrottle, type SignInLimits } from './sign-in-throttle.js';

/** Past it a flood from everywhere would only be heard long after its senders have gone. */
const MAX_WAITING = 50;
const BUSY_RETRY_SECONDS = 5;

interface Attempt extends LoginRequest {
  readonly source: SignInSource;
  readonly user: UserEntity | null;
  readonly limits: SignInLimits;
}

/** The one way in: a password is checked, then the session opens. */
@Injectable()
export class SignInService {
  /** A try is heard, checked and counted before the next one is heard: many at once are not more than one after the other. */
  readonly #lanes = { known: new Turns(), unknown: new Turns() };

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
    const lane = this.#lanes[attempt.limits.lane];
    await this.#admit(attempt);
    if (lane.count >= MAX_WAITING) {
      throw new DomainError('RATE_LIMITED', 'Too many sign-ins at once; try again.', {
        retryAfterSeconds: BUSY_RETRY_SECONDS,
      });
    }
    return lane.take(async () => {
      await this.#admit(attempt);
      return this.#check(attempt);
    });
  }

  /**
   * Opens a session for a user who has shown what it takes, in place of the one the browser had.
   * @throws UNAUTHORIZED when that changed meanwhile
   */
  async open(checked: UserEntity, source: SignInSource, replaced: LiveSession | null): Promise<OpenedSession> {
    return this.db.transaction(async (tx) => {
      const user = await this.users.findById(checked.id, tx);
      if (user?.passwordHash !== checked.passwordHash || user.status !== 'ACTIVE') throw unauthorized();
      await this.throttle.forget(tx, this.throttle.limitsOf(user.username, user, source));
      if (replaced) await this.sessions.end(tx, replaced.session.id);
      const opened = await this.sessions.open(tx, user, source.origin);
      await this.users.noteSignIn(user.id, opened.live.session.createdAt, tx);
      await this.audit.succeeded(tx, opened.live, source);
      return opened;
    });
  }

  async #admit({ limits, username, source }: Attempt): Promise<void> {
    try {
      await this.throttle.admit(limits);
    } catch (error) {
      await this.audit.refusedUnheard(username, source);
      throw error;
    }
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
