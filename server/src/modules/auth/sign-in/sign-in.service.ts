import { Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { LoginRequest, PasskeyLoginRequest, SessionInfo } from '#contracts';
import { toInstant } from '../../../common/clock.js';
import { unauthorized } from '../../../common/errors.js';
import { Database } from '../../../database/database.js';
import { PasskeySignIn, type ProvenUser } from '../passkeys/passkey-sign-in.js';
import type { PasskeyEntity } from '../passkeys/passkey.entity.js';
import { RelyingParties } from '../passkeys/relying-party.js';
import { PasskeyPolicy } from '../passkeys/sign-in-settings.service.js';
import { Passwords } from '../passwords/passwords.js';
import type { SessionEntity } from '../sessions/session.entity.js';
import type { LiveSession } from '../sessions/sessions.repository.js';
import { type OpenedSession, SessionsService } from '../sessions/sessions.service.js';
import { type SignInLimits, SignInThrottle } from '../throttle/sign-in-throttle.js';
import type { UserEntity } from '../users/user.entity.js';
import { UsersRepository } from '../users/users.repository.js';
import { KnownDevices, SessionCookie, type SignInClient, SignInSources } from './cookies.js';
import { SignInAudit } from './sign-in-audit.js';

/** What somebody has shown to sign in: a password, and a passkey unless they have none. */
export interface SignInProof {
  readonly user: UserEntity;
  readonly passkey: PasskeyEntity | null;
}

interface Attempt extends LoginRequest {
  readonly source: SignInClient;
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
  async checkPassword({ username, password }: LoginRequest, source: SignInClient): Promise<UserEntity | null> {
    const user = await this.users.findByUsername(username);
    const attempt = { username, password, source, user, limits: this.throttle.limitsOf(username, user, source) };
    return this.throttle.attempt(
      attempt.limits,
      () => this.#check(attempt),
      () => this.audit.throttled(username, source),
    );
  }

  /**
   * Opens a session for a user who has shown what it takes, in place of the one the browser had.
   * @throws UNAUTHORIZED when that changed meanwhile
   */
  async open(
    { user: checked, passkey }: SignInProof,
    source: SignInClient,
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

interface SessionState {
  readonly csrfToken: string;
  readonly isPasskeyMissing: boolean;
}

export const toSessionInfo = (
  user: UserEntity,
  session: SessionEntity,
  { csrfToken, isPasskeyMissing }: SessionState,
): SessionInfo => ({
  user: {
    id: user.id,
    username: user.username,
    displayName: user.displayName,
    role: user.role,
    status: user.status,
  },
  csrfToken,
  expiresAt: toInstant(session.expiresAt),
  ...(isPasskeyMissing && { passkeyEnrolmentRequired: true }),
});

/** Tells users of their own session. */
@Injectable()
export class SessionInfos {
  constructor(
    private readonly sessions: SessionsService,
    private readonly policy: PasskeyPolicy,
  ) {}

  describe({ session, user }: LiveSession): SessionInfo {
    return toSessionInfo(user, session, {
      csrfToken: this.sessions.csrfToken(session),
      isPasskeyMissing: this.policy.isPasskeyMissing(user),
    });
  }
}

/** Between the password and the session: the passkey of whoever has one. */
@Injectable()
export class SecondStep {
  constructor(
    private readonly passkeys: PasskeySignIn,
    private readonly parties: RelyingParties,
    private readonly throttle: SignInThrottle,
    private readonly audit: SignInAudit,
    private readonly sources: SignInSources,
  ) {}

  /** Lets a user without passkeys pass. @throws SECOND_FACTOR_REQUIRED, PASSKEYS_UNAVAILABLE */
  demand(request: Request, user: UserEntity): Promise<void> {
    return this.passkeys.demand(user, this.parties.find(request));
  }

  /** Who has shown the password and now the passkey; a refusal counts like a wrong password. @throws UNAUTHORIZED */
  prove(request: Request, body: PasskeyLoginRequest): Promise<ProvenUser> {
    const source = this.sources.of(request);
    return this.passkeys.prove(body, this.parties.find(request), async (tx, refusal) => {
      const { user } = refusal;
      await this.throttle.countFailure(tx, this.throttle.limitsOf(user.username, user, source));
      await this.audit.passkeyRefused(tx, refusal, source);
    });
  }
}

/** The last step of every way in, and the first of the way out: what the browser is given, and what is taken from it. */
@Injectable()
export class SignInBrowser {
  constructor(
    private readonly signIns: SignInService,
    private readonly sessions: SessionsService,
    private readonly infos: SessionInfos,
    private readonly cookie: SessionCookie,
    private readonly devices: KnownDevices,
    private readonly sources: SignInSources,
  ) {}

  /** Signs in a user who has shown all it takes, in place of whoever was signed in there. @throws UNAUTHORIZED */
  async signIn(request: Request, response: Response, proof: SignInProof): Promise<SessionInfo> {
    const shown = this.cookie.read(request);
    const replaced = shown === null ? null : await this.sessions.findLive(shown);
    const { cookieValue, live } = await this.signIns.open(proof, this.sources.of(request), replaced);
    this.cookie.write(request, response, cookieValue);
    this.devices.remember(request, response, live.user.id);
    return this.infos.describe(live);
  }

  signOut(request: Request, response: Response): void {
    this.cookie.clear(request, response);
  }
}
