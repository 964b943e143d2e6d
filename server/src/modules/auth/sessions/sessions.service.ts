import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { SessionId } from '#contracts';
import type { ClientInfo } from '../../../common/actor.js';
import { Clock } from '../../../common/clock.js';
import { hashToken, makeToken } from '../../../common/crypto/hashes.js';
import { SecretBox } from '../../../common/crypto/secret-box.js';
import { Ids } from '../../../common/ids.js';
import { MaintenanceJob } from '../../../common/maintenance-job.js';
import { AppConfig } from '../../../config/app-config.js';
import { Database } from '../../../database/database.js';
import type { Tx } from '../../../database/tx.js';
import { AuditService } from '../../audit/audit.service.js';
import { SignInFailuresRepository } from '../throttle/sign-in-failures.repository.js';
import type { UserEntity } from '../users/user.entity.js';
import type { SessionEntity } from './session.entity.js';
import { type Lifetime, type LiveSession, SessionsRepository } from './sessions.repository.js';
import type { SignedIn } from './signed-in.js';

/** Sliding writes this often at most: a busy console would otherwise write with every request. */
const SLIDE_AFTER_MS = 60_000;
const PRUNE_BATCH = 500;

export interface OpenedSession {
  /** The cookie's value; it exists only there. */
  readonly cookieValue: string;
  readonly live: LiveSession;
}

const newSalt = (): string => randomBytes(24).toString('base64url');

@Injectable()
export class SessionsService {
  constructor(
    private readonly db: Database,
    private readonly sessions: SessionsRepository,
    private readonly box: SecretBox,
    private readonly config: AppConfig,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /** Opens a session for a user who has just shown a password. */
  async open(tx: Tx, user: UserEntity, origin: ClientInfo): Promise<OpenedSession> {
    const cookieValue = makeToken('');
    const now = this.clock.now();
    const session: SessionEntity = {
      id: this.ids.make('ses'),
      userId: user.id,
      idHash: hashToken(cookieValue),
      csrfSalt: newSalt(),
      userSessionEpoch: user.sessionEpoch,
      ...origin,
      createdAt: now,
      lastSeenAt: now,
      expiresAt: this.#expiry(now),
    };
    await this.sessions.insert(session, tx);
    return { cookieValue, live: { session, user } };
  }

  /** The live session behind a cookie, or null. */
  findLive(cookieValue: string): Promise<LiveSession | null> {
    return this.sessions.findLive(hashToken(cookieValue), this.#lifetime());
  }

  /** The user's live sessions, the one last used first. */
  listLive(user: UserEntity, tx?: Tx): Promise<SessionEntity[]> {
    return this.sessions.listLive(user, this.#lifetime(), tx);
  }

  /** The session, if it is still live. */
  findLiveById(id: SessionId): Promise<LiveSession | null> {
    return this.sessions.findLiveById(id, this.#lifetime());
  }

  /** The session as seen just now, with its expiry pushed out; null when that is not worth a write yet. */
  async extend({ session, user }: LiveSession): Promise<LiveSession | null> {
    const lastSeenAt = this.clock.now();
    if (lastSeenAt.getTime() - session.lastSeenAt.getTime() < this.#slideAfterMs()) return null;
    const expiresAt = this.#expiry(session.createdAt);
    await this.db.transaction((tx) => this.sessions.extend(session.id, lastSeenAt, expiresAt, tx));
    return { session: { ...session, lastSeenAt, expiresAt }, user };
  }

  csrfToken(session: SessionEntity): string {
    return this.box.sign(this.#csrfMessage(session));
  }

  /** Whether `token` is this session's own; compared in constant time. */
  isCsrfToken(session: SessionEntity, token: string): boolean {
    return this.box.verify(this.#csrfMessage(session), token);
  }

  /** Replaces the CSRF token: the earlier one is refused from the commit on. */
  async rotateCsrf(tx: Tx, session: SessionEntity): Promise<string> {
    const csrfSalt = newSalt();
    await this.sessions.setCsrfSalt(session.id, csrfSalt, tx);
    return this.csrfToken({ ...session, csrfSalt });
  }

  async end(tx: Tx, id: SessionId): Promise<void> {
    await this.sessions.delete(id, tx);
  }

  /** Lets this session outlive a password change of its user, which ends all others. */
  async invalidateOthers(tx: Tx, { session }: LiveSession): Promise<void> {
    await this.sessions.adoptEpoch(session.id, session.userSessionEpoch + 1, tx);
  }

  /** Deletes one bounded batch of sessions that have ended; returns how many. Call again while it is not 0. */
  prune(tx: Tx): Promise<number> {
    return this.sessions.deleteEnded(this.#lifetime(), PRUNE_BATCH, tx);
  }

  countLive(): Promise<number> {
    return this.sessions.countLive(this.#lifetime());
  }

  /** One idle life from now, and never past the absolute limit. */
  #expiry(createdAt: Date): Date {
    const idle = this.clock.secondsFromNow(this.config.sessionTtlSeconds).getTime();
    return new Date(Math.min(idle, createdAt.getTime() + this.config.sessionAbsoluteSeconds * 1000));
  }

  #lifetime(): Lifetime {
    const now = this.clock.now();
    return { now, bornAfter: new Date(now.getTime() - this.config.sessionAbsoluteSeconds * 1000) };
  }

  #slideAfterMs(): number {
    return Math.min(SLIDE_AFTER_MS, (this.config.sessionTtlSeconds * 1000) / 4);
  }

  #csrfMessage(session: SessionEntity): string {
    return `csrf ${session.id} ${session.csrfSalt}`;
  }
}

const BATCH = 500;

/** Deletes what signing in leaves behind. */
@Injectable()
export class AuthUpkeep {
  constructor(
    private readonly db: Database,
    private readonly sessions: SessionsService,
    private readonly failures: SignInFailuresRepository,
    private readonly clock: Clock,
  ) {}

  /** Deletes one bounded batch of sessions that have ended; returns how many. Call again while it is not 0. */
  @MaintenanceJob({ id: 'sessions', phase: 'expire', description: 'Deletes sessions that have ended.' })
  deleteEndedSessions(): Promise<number> {
    return this.db.transaction((tx) => this.sessions.prune(tx));
  }

  /** Deletes one bounded batch of refused sign-ins that no longer count; returns how many. Call again while it is not 0. */
  @MaintenanceJob({
    id: 'sign-in-failures',
    phase: 'expire',
    description: 'Deletes failed sign-ins that no longer count.',
  })
  deleteForgottenFailures(): Promise<number> {
    return this.db.transaction((tx) => this.failures.deleteForgotten(this.clock.now(), BATCH, tx));
  }
}

/** What signed-in users do with the session they are in. */
@Injectable()
export class AuthService {
  constructor(
    private readonly db: Database,
    private readonly sessions: SessionsService,
    private readonly audit: AuditService,
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
}
