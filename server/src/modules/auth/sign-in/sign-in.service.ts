import { Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { LoginRequest, PasskeyLoginRequest, SessionInfo } from '#contracts';
import { toInstant } from '../../../common/clock.js';
import { unauthorized } from '../../../common/errors.js';
import { Database } from '../../../database/database.js';
import type { Tx } from '../../../database/tx.js';
import { httpsRequired } from '../auth.errors.js';
import { PasskeySignIn, type VerifiedUser } from '../passkeys/passkey-sign-in.js';
import type { PasskeyEntity } from '../passkeys/passkey.entity.js';
import { SignInSettingsService } from '../passkeys/sign-in-settings.service.js';
import { Passwords } from '../passwords/passwords.js';
import type { LiveSession } from '../sessions/session.entity.js';
import { type OpenedSession, SessionsService } from '../sessions/sessions.service.js';
import type { SignedIn } from '../sessions/signed-in.js';
import { type SignInClient, type SignInLimits, signInLimits } from '../throttle/sign-in-limits.js';
import { SignInThrottle } from '../throttle/sign-in-throttle.js';
import type { UserEntity } from '../users/user.entity.js';
import { UsersRepository } from '../users/users.repository.js';
import { AuthCookies } from './cookies.js';
import { SignInAudit } from './sign-in-audit.js';

interface Attempt extends LoginRequest {
  readonly client: SignInClient;
  readonly user: UserEntity | null;
  readonly limits: SignInLimits;
}

/** A user who has given the right password, and used a passkey unless they have none. */
interface SignInProof {
  readonly user: UserEntity;
  readonly passkey: PasskeyEntity | null;
}

/** Signs users in and out: the password, then a passkey if the user has one, then a new session. */
@Injectable()
export class SignInService {
  constructor(
    private readonly db: Database,
    private readonly users: UsersRepository,
    private readonly passwords: Passwords,
    private readonly throttle: SignInThrottle,
    private readonly sessions: SessionsService,
    private readonly passkeys: PasskeySignIn,
    private readonly settings: SignInSettingsService,
    private readonly cookies: AuthCookies,
    private readonly audit: SignInAudit,
  ) {}

  /**
   * The user with this name and password. Null for an unknown name, a wrong password and a disabled user alike, after
   * the same work.
   * @throws RATE_LIMITED
   */
  async checkPassword({ username, password }: LoginRequest, request: Request): Promise<UserEntity | null> {
    const client = this.cookies.clientOf(request);
    const user = await this.users.findByUsername(username);
    const limits = signInLimits(username, user, client);
    return this.throttle.attempt(
      limits,
      () => this.#check({ username, password, client, user, limits }),
      (reason) => this.audit.refused({ user, reason }, client),
    );
  }

  /**
   * Refuses a sign-in whose session cookie the browser would drop, before the password is looked at.
   * @throws HTTPS_REQUIRED
   */
  async requireLastingCookie(request: Request): Promise<void> {
    if (!this.cookies.wouldBeLost(request)) return;
    await this.audit.refusedInPlain(this.cookies.clientOf(request));
    throw httpsRequired();
  }

  /**
   * Opens a session for a user whose password was checked, in place of the browser's earlier one, and sets the cookies.
   * @throws SECOND_FACTOR_REQUIRED, PASSKEYS_UNAVAILABLE for a user who has a passkey
   * @throws UNAUTHORIZED when the user has changed since the check
   */
  async signIn(user: UserEntity, request: Request, response: Response): Promise<SessionInfo> {
    await this.passkeys.requirePasskey(user, request);
    return this.#openSession({ user, passkey: null }, request, response);
  }

  /** {@link signIn} after the second step; a refused passkey counts as a failed attempt. @throws UNAUTHORIZED */
  async signInWithPasskey(body: PasskeyLoginRequest, request: Request, response: Response): Promise<SessionInfo> {
    return this.#openSession(await this.#verifyPasskey(body, request), request, response);
  }

  /** Ends this session and removes its cookie. */
  async signOut({ actor }: SignedIn, request: Request, response: Response): Promise<void> {
    await this.db.transaction(async (tx) => {
      await this.sessions.end(tx, actor.sessionId);
      await this.audit.signedOut(tx, actor);
    });
    this.cookies.clearSession(request, response);
  }

  /** The session as its user sees it, with its CSRF token. */
  describe({ session, user }: LiveSession): SessionInfo {
    const { id, username, displayName, role, status } = user;
    return {
      user: { id, username, displayName, role, status },
      csrfToken: this.sessions.csrfToken(session),
      expiresAt: toInstant(session.expiresAt),
      ...(this.settings.isPasskeyMissing(user) && { passkeyEnrolmentRequired: true }),
    };
  }

  async #check({ user, password, client, limits }: Attempt): Promise<UserEntity | null> {
    const isRight = await this.passwords.verify(user?.passwordHash ?? null, password);
    if (user && isRight && user.status === 'ACTIVE') return this.#withCurrentHash(user, password);
    await this.db.transaction(async (tx) => {
      await this.throttle.countFailure(tx, limits);
      await this.audit.failed(tx, user, client);
    });
    return null;
  }

  /** The user, with a hash of today's parameters: only a sign-in has the password to make one. */
  async #withCurrentHash(user: UserEntity, password: string): Promise<UserEntity> {
    if (!this.passwords.isOutdated(user.passwordHash)) return user;
    const passwordHash = await this.passwords.hash(password);
    const isRenewed = await this.db.transaction((tx) => this.users.renewHash(user, passwordHash, tx));
    return isRenewed ? { ...user, passwordHash } : user;
  }

  #verifyPasskey(body: PasskeyLoginRequest, request: Request): Promise<VerifiedUser> {
    const client = this.cookies.clientOf(request);
    return this.passkeys.verifyPasskey(body, request, async (tx, refusal) => {
      const { user } = refusal;
      await this.throttle.countFailure(tx, signInLimits(user.username, user, client));
      await this.audit.passkeyRefused(tx, refusal, client);
    });
  }

  async #openSession(proof: SignInProof, request: Request, response: Response): Promise<SessionInfo> {
    const client = this.cookies.clientOf(request);
    const replaced = await this.sessions.findFirstLive(this.cookies.readSessions(request));
    const { cookieValue, live } = await this.db.transaction(async (tx) => {
      if (replaced) await this.sessions.end(tx, replaced.live.session.id);
      return this.#open(tx, proof, client);
    });
    this.cookies.writeSession(request, response, cookieValue);
    this.cookies.rememberDevice(request, response, live.user.id);
    return this.describe(live);
  }

  /** @throws UNAUTHORIZED when the user is not as they were when the password was checked */
  async #open(tx: Tx, { user: checked, passkey }: SignInProof, client: SignInClient): Promise<OpenedSession> {
    const user = await this.users.findById(checked.id, tx);
    if (user?.passwordHash !== checked.passwordHash || user.status !== 'ACTIVE') throw unauthorized();
    if (user.sessionEpoch !== checked.sessionEpoch || user.passkeyCount > 0 !== (passkey !== null)) {
      throw unauthorized();
    }
    await this.throttle.forget(tx, signInLimits(user.username, user, client));
    const opened = await this.sessions.open(tx, user, client.origin);
    await this.users.recordSignIn(user.id, opened.live.session.createdAt, tx);
    await this.audit.succeeded(tx, { live: opened.live, passkey }, client);
    const ended = await this.sessions.makeRoom(tx, opened.live);
    if (ended.length > 0) await this.audit.replaced(tx, opened.live, ended, client);
    return opened;
  }
}
